package parley_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// modules is what `go mod edit -json` tells of a go.mod.
type modules struct {
	Require []struct {
		Path, Version string
		Indirect      bool
	}
	Tool []struct{ Path string }
}

func TestEveryDependencyIsExplained(t *testing.T) {
	t.Parallel()
	explained := explainedModules(t)
	product, tools := readModules(t, "go.mod"), readModules(t, "tools/go.mod")
	var known []string
	for _, required := range append(product.Require, tools.Require...) {
		known = append(known, required.Path)
	}
	for _, module := range direct(product, tools) {
		if !slices.Contains(explained, module) {
			t.Errorf("%s is required and docs/dependencies.md does not say why: what does the standard library not do?", module)
		}
	}
	for _, module := range explained {
		if !slices.Contains(known, module) {
			t.Errorf("docs/dependencies.md explains %s, which is not required any more", module)
		}
	}
}

// direct are the modules that our code imports, and those of the tools we run.
func direct(product, tools modules) []string {
	var paths []string
	for _, required := range product.Require {
		if !required.Indirect {
			paths = append(paths, required.Path)
		}
	}
	for _, tool := range tools.Tool {
		for _, required := range tools.Require {
			if within(tool.Path, required.Path) {
				paths = append(paths, required.Path)
			}
		}
	}
	return paths
}

// explainedModules are the modules that have a line of their own in the page.
func explainedModules(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, found := range regexp.MustCompile("(?m)^- `([^`]+)` ").FindAllSubmatch(page, -1) {
		paths = append(paths, string(found[1]))
	}
	return paths
}

// SQLite is C translated to Go against one version of modernc.org/libc, and goes
// wrong in silence with another. The go command would take the newest that anybody asks for.
func TestLibcIsTheOneThatSQLiteWasMadeWith(t *testing.T) {
	t.Parallel()
	file, err := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Fatalf("find the go.mod of modernc.org/sqlite: %v", err)
	}
	const libc = "modernc.org/libc"
	want := version(t, readModules(t, strings.TrimSpace(string(file))), libc)
	if got := version(t, readModules(t, "go.mod"), libc); got != want {
		t.Errorf("go.mod requires %s %s, and modernc.org/sqlite was made with %s: go get %s@%s", libc, got, want, libc, want)
	}
}

func version(t *testing.T, m modules, module string) string {
	t.Helper()
	for _, required := range m.Require {
		if required.Path == module {
			return required.Version
		}
	}
	t.Fatalf("%s is not required", module)
	return ""
}

func readModules(t *testing.T, file string) modules {
	t.Helper()
	// Looked at here too, so that go test runs again when the file has changed.
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "mod", "edit", "-json", file).Output()
	if err != nil {
		t.Fatalf("read %s: %v", file, err)
	}
	var m modules
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatalf("read %s: %v", file, err)
	}
	return m
}
