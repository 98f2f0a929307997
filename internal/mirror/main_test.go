package mirror_test

import (
	"testing"

	"parley/internal/sandbox"
)

func TestMain(m *testing.M) {
	if sandbox.IsChild() {
		sandbox.Child()
	}
	m.Run()
}
