package main

import (
	"slices"
	"strings"
	"testing"

	"parley"
)

// A type that is added to the catalogue can be triggered, or says why not.
func TestEveryTypeCanBeTriggered(t *testing.T) {
	t.Parallel()
	happens := []string{"webhook.failing", "webhook.recovered", "webhook.disabled", "webhook.events_missed", "webhook.verified"} // by itself, not by a request
	possible := triggers()
	for _, d := range parley.Catalogue() {
		_, err := triggerFor(d.Name)
		switch {
		case possible[d.Name] != nil && err != nil:
			t.Errorf("%s: %v", d.Name, err)
		case possible[d.Name] == nil && !slices.Contains(happens, d.Name):
			t.Errorf("nothing triggers %s: add it to triggers()", d.Name)
		case possible[d.Name] == nil && err == nil:
			t.Errorf("%s does not say why it cannot be triggered", d.Name)
		}
	}
	for name := range possible {
		if _, declared := parley.Declared(name); !declared {
			t.Errorf("%s can be triggered and is no type of event", name)
		}
	}
}

func TestMisspeltTypesAreRecognised(t *testing.T) {
	t.Parallel()
	for misspelt, meant := range map[string]string{
		"conversation.create":    "conversation.created",
		"conversatoin.resolved":  "conversation.resolved",
		"message.create":         "message.created",
		"contact.renamed":        "contact.created",
		"conversation.lable_add": "conversation.label_added",
	} {
		_, err := triggerFor(misspelt)
		if err == nil || !strings.Contains(err.Error(), meant) {
			t.Errorf("%s: %v, want a hint at %s", misspelt, err, meant)
		}
	}
	if _, err := triggerFor("zebra.striped"); err == nil || strings.Contains(err.Error(), "mean") {
		t.Errorf("zebra.striped: %v, want no hint", err)
	}
}
