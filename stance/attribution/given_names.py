"""Common first names of many cultures, with the gender that they tell.

Only names that nearly always tell it: "Kim", "Andrea", "Jean", "Nur", "Sasha" and the like are
left out, as no gender is better than a wrong one.
"""

from stance.attribution.lexicon import word_set

__all__ = ["FEMALE_NAMES", "GIVEN_NAMES", "MALE_NAMES"]

FEMALE_NAMES = word_set(
    """
    abigail adaeze agnes aisha akua alejandra alena alice alina amanda amina amira amy ana
    anastasia angela anna annalena anne annie antonia anya asma ayesha azadeh barbara beatrice
    beatriz berta betty bonnie brigitte camila carla carly carmen carol caroline catherine
    cecilia charlotte chiamaka chimamanda christine clara claudia condoleezza cristina daria
    deborah diana dina donna dorothy ekaterina elaine eleanor elena elizabeth ella elsa emily
    emma erika esther eva fadumo farida farzaneh fatima fatou fatoumata federica fiona florence
    frances francesca fumiko galina giorgia giulia gloria golda grace greta hala halima hanan
    hannah heather heba heidi helen helena hillary hina huda ifeoma inna irina isabel isabella
    ivanka jacinda jane janet jennifer jessica jill joanna josephine joyce judith julia juliana
    julie kaja kamala karen karin karine katarina kate katherine kathleen katja keiko khadija
    kirsten kristalina ksenia larisa larissa laura leila leyla lidia linda lisa liudmila lolwah
    lubna lucia lucy ludmila luisa lyudmila madeleine maha maia mairead malala manal margaret
    margarita margrethe maria mariam mariana marina marine marta martha mary maryam megan
    melania melinda mercedes mette michelle mina mohira mona nada nadezhda nadia nahid nancy
    narges nasrin natalia natalie natasha nawal neema nell ngozi nikki nina nora oksana
    oleksandra olena olesya olga olha pamela patricia patti paula penny philippa phumzile polina
    priya rachel rana rania razan rebecca renee riham rima rita roberta rosa rosemary roxana
    ruth sahar samantha samira sana sanna sara sarah sawsan shabnam shahida sharon sheila shirin
    shirley sofia sofie sonia sophia sophie stella stephanie sumaya susan susana suzanne
    svetlana sviatlana sylvia tamara tanya tatiana tatyana teresa theresa ursula valentina
    valeria valerie vera veronica victoria viktoria violeta wafa wangari wendy winnie xiomara
    yasmin yelena yevgenia yolanda yulia yuliia yvette zahra zainab zanele zeinab zeynep zoe
    zuzana
    """
)
"""First names of women."""

MALE_NAMES = word_set(
    """
    aaron abdallah abdel abdelaziz abdelfattah abdou abdul abdulaziz abdullah abiy abraham adam
    adel adrian ahmad ahmed akbar alan albert alberto aleksandr aleksei alexander alexandre
    alexei alfonso alfred ali amadou amir amr anatoly andreas andrei andrew andrii andriy
    andrzej anthony antoine anton antonio antony anwar arash arif arkady arseniy arthur arturo
    ashraf asif atiku ayman babacar barack bashar bassam benjamin bernard bernie bill bob boris
    boubacar brad brian bruce bruno carl carlos charles chester chidi chinedu chris christian
    christoph christopher chukwuma craig cyril daniel daoud dario david debretsion denis dennis
    dick diego dieter dietmar dmitri dmitriy dmitry dmytro donald donato doug douglas eduardo
    edward ehud elias emmanuel emmerson enrique eric erik ernesto evgeny faisal farhad faustin
    felipe felix ferdinand fernando filip florian francis francisco francois frank franz
    françois fred frederik friedrich fyodor gabriel gavin gennady geoffrey george georges
    gerhard gideon giorgi giovanni giuseppe gordon greg gregory guillermo gustavo guy habib
    haider haitham hakan hamad hamdi hamid hamza hans harald harold harry hasan hashim hassan
    hazem heinrich helmut henri henry herbert hermann hossein howard hugo hussein ibrahim idris
    idriss igor ihor ilham ilya imran isaac isaias ismail itamar ivan jack jacob jacques jair
    jake jakub james jared jason javier jeb jeff jeffrey jens jeremy jerome jerry jim jimmy
    joachim joao joe joel johann john johnny jon jonathan jorge jose josef josep joseph josh
    joshua josé joão juan julian julius jurgen justin jürgen kamal karim karl kassem keith
    kenneth kenzo kevin khaled khalid khalifa kirill klaus kofi konstantin kwame kyriakos lars
    laurent lawrence leonid louis luca luis luiz lukas mahamat mahmoud mahmud majed maksim
    manfred manuel marc marcel marco marcos mario mark markus martin marwan massoud mateusz
    matteo matthew matthias mauricio maxim mehdi mehmet menachem michael michel miguel mike
    mikhail mikheil mohamed mohammad mohammed mohsen moshe moussa muammar muhammad muhammadu
    musa mustafa mustapha mykhailo mykola nabil naftali narendra nasser nathan nawaf nelson
    nicholas nicolas nikol nikolai nikolay nikos noah noam norbert olaf oleg oleh oleksandr
    oleksii oleksiy oliver olivier omar omer osama oscar oskar otto pablo patrick paul paulo
    pavel pavlo pedro peter petr petro philip philippe pierre pietro piotr qasem rafael rafik
    raila ram ramzan rashid raul raymond raúl recep reza ricardo richard riyad robert roberto
    rodrigo roger roland roman ron ronald rustam rustem saad saeb saeed saif salah salman salva
    sameh sami samir samuel sayed scott sean sebastian serge sergei sergey sergio serhii serhiy
    shehbaz shimon sidiki simon slobodan stanislav stefan stephen steve steven stuart suleiman
    taras tariq tayyip ted terry thabo thomas tidjane timothy tobias tom tomas tommy tony uhuru
    umar valdis valery vasily vasyl viktor vincent vitali vitaly vladimir vladislav volodymyr
    vsevolod vyacheslav walid walter werner wilhelm william wolfgang xavier yahya yair yaroslav
    yasser yevgeny yitzhak yoav yoweri yuri yuriy yury yusuf yves zbigniew
    """
)
"""First names of men."""

GIVEN_NAMES = FEMALE_NAMES | MALE_NAMES
