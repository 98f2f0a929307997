package design_test

import (
	"testing"

	"parley/internal/testing/desk"
)

func TestTheDesignSystemIsSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	desk.Inspect(t, b, d.URL+"/dev/design", "#pieces")
}
