package developers_test

import (
	"testing"

	"parley/internal/sandbox"
)

// This binary is also the sandbox's children.
func TestMain(m *testing.M) {
	if sandbox.IsChild() {
		sandbox.Child()
	}
	m.Run()
}
