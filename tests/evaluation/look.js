// Opens every <details>, then measures every piece of text. The body of a function, run by
// browser.py; returns the fields of `Seen` that the page itself can tell.
document.querySelectorAll('details').forEach(d => d.open = true);

const colour = text => {
  const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
  return [r, g, b, a];
};
const over = (top, bottom, alpha) => bottom.map((c, i) => alpha * top[i] + (1 - alpha) * c);
const luminance = rgb => rgb
  .map(c => c / 255)
  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};
const opacity = e => e ? Number(getComputedStyle(e).opacity) * opacity(e.parentElement) : 1;

// What an element paints where it is hit: its background, or its fill in a picture.
const paint = e => {
  const style = getComputedStyle(e);
  if (!(e instanceof SVGElement) || e.tagName === 'svg') return colour(style.backgroundColor);
  if (style.fill === 'none') return [0, 0, 0, 0];
  const [r, g, b, a] = colour(style.fill);
  return [r, g, b, a * Number(style.fillOpacity)];
};
// Pictures may paint text after shapes only, so all but the text itself lies under it.
const beneath = (x, y) => {
  const hit = document.elementsFromPoint(x, y);
  if (!hit.length) throw new Error(`(${x}, ${y}) is outside the window`);
  return hit.reverse().filter(e => !e.closest('text')).reduce((ground, e) => {
    const top = paint(e);
    return over(top, ground, top[3] * opacity(e));
  }, [255, 255, 255]);
};

let texts = 0, smallest = 99;
const faint = [], clipped = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const words = walker.currentNode.data.trim();
  if (!words || element.closest('style, title, metadata')) continue;
  element.scrollIntoView({block: 'center', inline: 'start'});
  const range = document.createRange();
  range.selectNodeContents(walker.currentNode);
  const box = range.getClientRects()[0];
  if (!box || !box.width) continue;
  texts += 1;
  const style = getComputedStyle(element);
  const svg = element.ownerSVGElement;
  const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
  smallest = Math.min(smallest, scale * parseFloat(style.fontSize));
  const frame = svg && svg.getBoundingClientRect();
  if (svg && (box.left < frame.left - 1 || box.right > frame.right + 1
      || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)) clipped.push(words);
  // Near its start, because a long text in a table may leave the window.
  const ground = beneath(box.x + Math.min(box.width / 2, 40), box.y + box.height / 2);
  const ink = colour(svg ? style.fill : style.color);
  const found = contrast(over(ink, ground, ink[3] * opacity(element)), ground);
  if (found < 4.5) faint.push(`${found.toFixed(2)} ${words.slice(0, 60)}`);
}
const root = document.documentElement;
return {
  overflow: root.scrollWidth - root.clientWidth,
  background: getComputedStyle(document.body).backgroundColor,
  sections: [...document.querySelectorAll('h2')].map(h => h.textContent),
  texts, small_text: smallest, faint, clipped,
};
