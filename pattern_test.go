package parley_test

import (
	"testing"

	"parley"
)

func TestPatternsChooseTypes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		patterns  parley.Patterns
		eventType string
		want      bool
	}{
		{parley.Patterns{"*"}, "contact.created", true},
		{parley.Patterns{"contact.*"}, "contact.created", true},
		{parley.Patterns{"contact.created"}, "contact.created", true},
		{parley.Patterns{"note.created", "contact.created"}, "contact.created", true},
		{parley.Patterns{"custom.*"}, "custom.sold", true},
		{parley.Patterns{"custom.sold"}, "custom.sold", true},
		{nil, "contact.created", false},
		{parley.Patterns{"contact"}, "contact.created", false},
		{parley.Patterns{"contact.create"}, "contact.created", false},
		{parley.Patterns{"contact.c*"}, "contact.created", false},
		{parley.Patterns{"cont*"}, "contact.created", false},
		{parley.Patterns{"custom.*"}, "custom_field.created", false},
		{parley.Patterns{"conversation.*"}, "message.created", false},
		{parley.Patterns{"*.created"}, "contact.created", false},
	} {
		if got := test.patterns.Match(test.eventType); got != test.want {
			t.Errorf("%q chooses %s: %v, want %v", test.patterns, test.eventType, got, test.want)
		}
	}
}

func TestAPatternThatChoosesNothingIsNotValid(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{
		"*": true, "contact.*": true, "contact.created": true, "custom.*": true, "custom.sold_2": true, "webhook.test": true,
		"": false, "**": false, "contact": false, "contact.": false, "contacts.*": false, "contact.made": false, "contact.c*": false,
		"*.created": false, "custom.": false, "custom.A": false, "custom.a.b": false, "Contact.*": false, ".*": false, "contact.*.*": false,
	} {
		if got := parley.ValidPattern(pattern); got != want {
			t.Errorf("%q is valid: %v, want %v", pattern, got, want)
		}
	}
	for _, d := range parley.Catalogue() {
		if !parley.ValidPattern(d.Name) || !parley.ValidPattern(d.Noun()+".*") {
			t.Errorf("%s cannot be chosen", d.Name)
		}
	}
}
