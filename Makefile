# Stance: every step of the project as a target. `make` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python
STANCE := $(VENV)/bin/stance
READY  := $(VENV)/.ready

# One training config, or several stages in their order. These go on from the release before; from
# the base model itself: CONFIG="configs/train.yaml configs/polish.yaml"
CONFIG  ?= configs/release.yaml configs/finish.yaml configs/mean.yaml
TEACHER ?= configs/teacher.yaml
# What labels in `make distill`, beside the student before: the adapter that ships, or a checkpoint (build/teacher/checkpoint).
LABELLER ?= stance/models/accurate
SEEDS   ?= 13 14 15 16 17
# So many of them at once, each on its part of the cores: two on one core each are done sooner than one on two after the other.
AT_ONCE ?= 2
VERSION ?= $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
LAST    := $(lastword $(CONFIG))
RUN     := $(shell sed -n 's/^output: //p' $(LAST))
# With several GPUs: make train LAUNCH="torchrun --nproc-per-node 4"
LAUNCH  ?= python
train_stages = set -e; for stage in $(1); do $(VENV)/bin/$(LAUNCH) -m training.train --config $$stage; done
# The files of CONFIG as a seed reads them.
seeded = $(foreach file,$(CONFIG),build/seed$(1)/$(notdir $(file)))
POLNEAR ?= ../shared/data/polnear
ATTRIBUTION ?= configs/attribution.yaml
DEVICE  ?= auto
ARTIFACT ?= stance/models/base

.PHONY: help setup demo classify batch train seeds trainings teacher distill adapter recalibrate search label-noise calibrate export quantise card evaluate \
        corpus-check attribution-train attribution-export attribution-teacher attribution-acts attribution-stories attribution-evaluate base-models bench lint test test-all clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade pip
	$(PY) -m pip install --quiet --editable ".[evaluate,train,accurate,ray,html,dev]"
	@touch $@

setup: $(READY) ## Make .venv with everything that development needs

## ---- use -------------------------------------------------------------------------------
demo: $(READY) ## Speaker, statement, stance and confidence for the seed article
	@$(STANCE) analyze stance/fixtures/article_2024-05-15.txt

classify: $(READY) ## Classify one statement: make classify TEXT="We will be in that room."
	@$(if $(value TEXT),,$(error give TEXT="..."))
	@$(STANCE) classify --device $(DEVICE) -- '$(subst ','\'',$(value TEXT))'

batch: $(READY) ## Classify a file or folder: make batch INPUT=in.csv OUTPUT=out.csv
	@$(if $(and $(INPUT),$(OUTPUT)),,$(error give INPUT=... OUTPUT=...))
	@$(STANCE) batch $(INPUT) $(OUTPUT) --device $(DEVICE) $(BATCH_OPTIONS)

evaluate: $(READY) ## Score the shipped model, or MODEL=... on DATA=files; fails below the gates
	@$(STANCE) evaluate --config configs/evaluate.yaml \
	  $(if $(MODEL),--model "$(MODEL)") $(addprefix --data ,$(DATA))

## ---- train -----------------------------------------------------------------------------
train: $(READY) ## Train, calibrate and export the shipped student, or CONFIG=... (configs/smoke.yaml)
	@$(call train_stages,$(CONFIG))
	$(PY) -m training.calibrate --config $(LAST)
	$(PY) -m training.topic --config $(LAST)
	$(PY) -m training.export --config $(LAST) --artifact $(RUN)/artifact --version $(VERSION)
	$(PY) -m training.quantise --config configs/quantise.yaml --artifact $(RUN)/artifact

seeds: $(READY) ## Train and evaluate CONFIG with every seed (SEEDS="14 15"): mean and spread
	$(MAKE) trainings
	$(MAKE) $(SEEDS:%=seed-%)
	$(PY) -m training.spread $(foreach seed,$(SEEDS),build/seed$(seed)/evaluation/report.json)

trainings: $(READY) ## Only train CONFIG with every seed, AT_ONCE of them side by side
	OMP_NUM_THREADS=$$($(PY) -c "import os; print(max(1, os.cpu_count() // $(AT_ONCE)))") \
	  $(MAKE) --jobs $(AT_ONCE) $(SEEDS:%=training-%)

# What the teacher wrote (hidden) is every seed's, and stays where it is.
training-%: $(READY)
	@mkdir -p build/seed$*
	@for file in $(CONFIG) configs/evaluate.yaml; do \
	  sed "s/^seed: .*/seed: $*/; /hidden: /!s#build/#build/seed$*/#" $$file \
	    > build/seed$*/$$(basename $$file); done
	@$(call train_stages,$(call seeded,$*))

seed-%: training-%
	$(MAKE) train CONFIG="$(call seeded,$*)"
	$(STANCE) evaluate --config build/seed$*/evaluate.yaml \
	  --model $(subst build/,build/seed$*/,$(RUN))/artifact || test $$? = 1

teacher: $(READY) ## Train the teacher (TEACHER=configs, in their order)
	@$(call train_stages,$(TEACHER))

distill: $(READY) ## What ships: students of a teacher's labels and hidden states (seeds 13 to 16), and their mean with one of `make train`
	$(PY) -m training.base_models all-mpnet-base-v2
	@$(call train_stages,configs/release.yaml configs/finish.yaml)
	$(PY) -m training.distill --config configs/hints.yaml --teacher $(LABELLER) --teacher stance/models/base
	$(MAKE) trainings CONFIG=configs/hints.yaml SEEDS="13 14 15 16"
	$(MAKE) train CONFIG=configs/hints_mean.yaml

adapter: $(READY) ## Cut the LoRA adapter of "accurate" out of the teacher
	$(PY) -m training.calibrate --config $(lastword $(TEACHER))
	$(PY) -m training.topic --config $(lastword $(TEACHER))
	$(PY) -m training.adapter --config $(lastword $(TEACHER)) --base-model all-mpnet-base-v2 \
	  --artifact stance/models/accurate --version $(VERSION)

recalibrate: $(READY) ## Calibrate "small" and "accurate" anew, with the base that ships now
	$(PY) -m training.recalibrate --artifact stance/models/small --version $(VERSION) --share 0.2
	$(PY) -m training.recalibrate --artifact stance/models/accurate --version $(VERSION)

search: $(READY) ## Optional: look for better training settings (Optuna, configs/search.yaml)
	$(PY) -m training.search --config configs/search.yaml

label-noise: $(READY) ## List training statements whose label a cross-validated model doubts
	$(PY) -m training.label_noise --config configs/label_noise.yaml

calibrate: $(READY) ## Fit temperature and conformal thresholds of CONFIG's run on dev
	$(PY) -m training.calibrate --config $(LAST)

export: $(READY) ## Make CONFIG's run a shipped artifact (ARTIFACT=stance/models/base)
	$(PY) -m training.export --config $(LAST) --artifact $(ARTIFACT) --version $(VERSION)
	$(PY) -m training.quantise --config configs/quantise.yaml --artifact $(ARTIFACT)

card: $(READY) ## Write the model card of the shipped artifact from a fresh evaluation
	$(STANCE) evaluate --config configs/evaluate.yaml
	$(PY) -m training.cards --report build/evaluation/report.json --artifact stance/models/base

quantise: $(READY) ## Fit the int8 ranges of ARTIFACT for the fast CPU runtime
	$(PY) -m training.quantise --config configs/quantise.yaml --artifact $(ARTIFACT)

base-models: $(READY) ## Fetch and verify the base weights
	$(PY) -m training.base_models all-MiniLM-L6-v2 all-mpnet-base-v2

corpus-check: $(READY) ## Counts, agreement, duplicates, shortcuts: every figure of the datasheet
	$(PY) -m training.corpus_check --config configs/corpus.yaml

attribution-train: $(READY) ## Train the attribution tagger (POLNEAR=folder, ATTRIBUTION=configs, in their order)
	@set -e; for stage in $(ATTRIBUTION); do run=$$(sed -n 's/^output: //p' $$stage); \
	  $(PY) -m training.attribution_train --config $$stage --polnear $(POLNEAR); \
	  $(PY) -m training.attribution_export --run $$run --polnear $(POLNEAR) --output $$run/tagger; done

attribution-export: ## Ship a tagger: TAGGER=build/attribution_acts/tagger
	@$(if $(TAGGER),,$(error give TAGGER=...))
	cp $(TAGGER)/* stance/models/tagger/

attribution-teacher: $(READY) ## Train the tagger's teacher, and write its soft labels
	$(PY) -m training.attribution_train --config configs/attribution_teacher.yaml --polnear $(POLNEAR)
	$(PY) -m training.attribution_distill --config configs/attribution_distill.yaml --config configs/attribution_widen.yaml \
	  --tagger stance/models/tagger --run build/attribution_teacher --polnear $(POLNEAR)

attribution-acts: $(READY) ## Teach the tagger the statements of labelled articles, too (build/attribution_acts/tagger)
	$(PY) -m training.attribution_distill --config configs/attribution_acts.yaml --tagger build/attribution_settled/tagger --polnear $(POLNEAR)
	$(MAKE) attribution-train ATTRIBUTION=configs/attribution_acts.yaml

attribution-stories: $(READY) ## Go on from the shipped tagger with whole news stories (build/attribution_stories/tagger)
	$(PY) -m training.attribution_distill --config configs/attribution_stories.yaml --tagger stance/models/tagger --polnear $(POLNEAR)
	$(MAKE) attribution-train ATTRIBUTION=configs/attribution_stories.yaml

attribution-evaluate: $(READY) ## Score a tagger on PolNeAR dev (POLNEAR=folder, TAGGER=folder); fails below the floors
	$(PY) -m training.attribution_evaluate --config configs/attribution_evaluate.yaml --polnear $(POLNEAR) \
	  $(if $(TAGGER),--tagger $(TAGGER))

## ---- keep it good ----------------------------------------------------------------------
bench: $(READY) ## Speed of every runtime, side by side in one run
	$(PY) -m benchmarks.run --device $(DEVICE)

lint: $(READY) ## ruff and mypy --strict
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

test: $(READY) ## The fast tests, then the gates of the shipped model
	$(PY) -m pytest
	$(STANCE) evaluate --config configs/evaluate.yaml

test-all: $(READY) ## Also the slow, ray and gpu tests
	$(PY) -m pytest -m ""

clean: ## Remove what the targets made, but for .venv
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path "./.venv/*" -prune -exec rm -rf {} +
