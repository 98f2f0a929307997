package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"parley"
)

func TestTheTypesAreCurrent(t *testing.T) {
	t.Parallel()
	kept, err := os.ReadFile("../types/events.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, declarations()) {
		t.Error("sdk/js/types/events.d.ts is not what the catalogue says: go generate ./sdk/js/...")
	}
}

func TestEveryTypeOfEventIsDeclared(t *testing.T) {
	t.Parallel()
	text := string(declarations())
	for _, d := range parley.Catalogue() {
		if !strings.Contains(text, "\n  \""+d.Name+"\": "+d.Data.Name()+";\n") || !strings.Contains(text, "\nexport interface "+d.Data.Name()+" {\n") {
			t.Errorf("%s, whose data are %s, is not declared", d.Name, d.Data)
		}
	}
	if strings.Contains(text, "%!") || strings.Contains(text, ": ;") {
		t.Error("there is a hole in the types")
	}
}
