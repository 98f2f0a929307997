package api_test

import (
	"slices"
	"strings"
	"testing"

	"parley"
)

// The catalogue as it was designed: by noun, what happens to it.
var designed = map[string]string{
	"conversation":   "created updated assigned resolved reopened snoozed label_added label_removed variables_changed deleted",
	"message":        "created updated deleted",
	"note":           "created deleted",
	"contact":        "created updated merged deleted",
	"inbox":          "created updated deleted",
	"label":          "created updated deleted",
	"custom_field":   "created updated deleted",
	"ticket":         "created updated assigned closed reopened deleted",
	"task":           "created updated completed reopened deleted",
	"order":          "requested updated fulfilled cancelled",
	"payment":        "created paid failed refunded",
	"deal":           "created updated stage_changed won lost deleted",
	"article":        "created published unpublished deleted",
	"appointment":    "booked cancelled",
	"automation":     "rule_fired rule_failed",
	"webhook_script": "succeeded failed",
	"flow":           "started handed_off finished failed",
	"cadence":        "enrolled step_done completed exited",
	"custom_script":  "published unpublished failed tracked",
	"webhook":        "test failing recovered disabled",
	"api_key":        "created revoked",
}

// awaited are the nouns whose events come with the engine that makes them happen.
var awaited = map[string]string{
	"automation":     "the engine of rules",
	"webhook_script": "webhook scripts",
	"flow":           "the engine of flows",
	"cadence":        "the engine of cadences",
	"custom_script":  "custom scripts on their surfaces",
}

// What was designed is declared, and so caused (see TestEveryTypeOfEventIsCausedAsDeclared),
// or it waits for an engine that is named here. An engine that has come must not be
// waited for.
func TestTheCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	for noun, happens := range designed {
		why, waits := awaited[noun]
		for verb := range strings.FieldsSeq(happens) {
			name := noun + "." + verb
			if _, declared := parley.Declared(name); declared == waits {
				t.Errorf("%s: declared is %v, said to wait for %q", name, declared, why)
			}
		}
	}
	for noun := range awaited {
		if designed[noun] == "" {
			t.Errorf("%s is waited for, and was never designed", noun)
		}
	}
	if custom := (parley.Patterns{"custom.*"}); !custom.Match("custom.sold") || !parley.ValidPattern("custom.sold") {
		t.Error("there are no events of clients' own")
	}
	names := make([]string, 0, len(parley.Catalogue()))
	for _, d := range parley.Catalogue() {
		names = append(names, d.Name)
	}
	if len(slices.Compact(slices.Clone(names))) < len(names) {
		t.Errorf("a type is declared twice: %v", names)
	}
}
