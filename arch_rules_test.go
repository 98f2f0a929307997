package parley_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		opening := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			opening = "Command "
		}
		said[s.dir] = said[s.dir] || strings.HasPrefix(s.file.Doc.Text(), opening)
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("%s: no file says in a comment above its package clause what the package is for and what it guarantees (\"Package name …\", \"Command name …\")", dir)
		}
	}
}

func TestNoPackageIsNamedForNothing(t *testing.T) {
	t.Parallel()
	empty := []string{"common", "helper", "helpers", "lib", "manager", "misc", "service", "util", "utils"}
	for _, s := range sources(t) {
		if slices.Contains(empty, s.file.Name.Name) {
			t.Errorf("%s: %q says nothing; name the package for what it provides", s.path, s.file.Name.Name)
		}
	}
}

func TestExportedNamesAreExplained(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || s.generated || s.file.Name.Name == "main" {
			continue
		}
		for _, declaration := range s.file.Decls {
			for _, name := range unexplained(declaration) {
				t.Errorf("%s: %s has no comment; say what a caller may rely on", s.at(name), name.Name)
			}
		}
	}
}

// unexplained are the exported names of a declaration that no comment stands
// above. One comment may explain a group. Methods may do without: many only
// keep the promise of an interface.
func unexplained(declaration ast.Decl) []*ast.Ident {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Doc == nil && d.Name.IsExported() {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		if d.Doc == nil {
			return unexplainedSpecs(d.Specs)
		}
	}
	return nil
}

func unexplainedSpecs(specs []ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	for _, spec := range specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Doc == nil && s.Comment == nil {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			if s.Doc == nil && s.Comment == nil {
				names = append(names, s.Names...)
			}
		}
	}
	return slices.DeleteFunc(names, func(name *ast.Ident) bool { return !name.IsExported() })
}

func TestNothingIsWiredByInit(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || s.generated {
			continue
		}
		for _, declaration := range s.file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init runs where no reader sees it called; give a constructor what it needs", s.at(f))
			}
		}
	}
}

// Inside synctest.Test time is virtual, and sleeping is how it passes. A test file's
// own function that does no more than that is called virtual.
func TestNoTestSleeps(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if !s.test && !within(s.dir, testingTree) || s.generated {
			continue
		}
		ast.Inspect(s.file, func(node ast.Node) bool {
			if calls(node, "synctest", "Test") || calls(node, "", "virtual") {
				return false
			}
			if calls(node, "time", "Sleep") {
				t.Errorf("%s: a test that sleeps is slow or flaky; use virtual time (testing/synctest) or wait for a signal", s.at(node))
			}
			return true
		})
	}
}

// calls tells whether a node is a call of a package's function; "" is its own package.
func calls(node ast.Node, pkg, function string) bool {
	call, ok := node.(*ast.CallExpr)
	if !ok {
		return false
	}
	if own, ok := call.Fun.(*ast.Ident); ok {
		return pkg == "" && own.Name == function
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != function {
		return false
	}
	name, ok := selector.X.(*ast.Ident)
	return ok && name.Name == pkg
}

// The rules above are only as good as what they notice.
func TestTheRulesNotice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, imports string
		allowed       bool
	}{
		{".", "time", true},
		{".", "golang.org/x/sync/errgroup", false},
		{".", "parley/internal/web", false},
		{".", "parley/webhook", false},
		{"webhook", "parley", true},
		{"webhook", "parley/internal/web", false},
		{"webhook", "github.com/jackc/pgx/v5/stdlib", false},
		{"internal/check", "parley/webhook", false},
		{"internal/web", "parley", true},
		{"internal/web", "parley/internal/ratelimit", true},
		{"internal/web/assets", "parley/internal/web", true},
		{"internal/web", "parley/internal/store", false},
		{"internal/store", "github.com/jackc/pgx/v5", false},
		{"internal/database", "github.com/jackc/pgx/v5", true},
		{"internal/conversation", "parley/internal/eventlog", true},
		{"internal/conversation", "parley/internal/webhook", false},
		{"internal/conversation", "net/http", false},
		{"internal/conversation", "parley/internal/testing/dbtest", false},
		{"internal/webhook", "parley/internal/live", false},
		{"internal/webhook", "parley/internal/conversation", true},
		{"internal/api", "parley/internal/live", true},
		{"internal/api", "parley/internal/widget", false},
		{"internal/server", "parley/internal/api", true},
		{"internal/server", "github.com/chromedp/chromedp", false},
		{"cmd/parley", "parley/internal/server", true},
	} {
		home, ok := homeOf(test.from)
		if !ok {
			t.Errorf("%s has no place in the house", test.from)
		}
		if reason := objection(home, test.imports); (reason == "") != test.allowed {
			t.Errorf("%s imports %s: allowed is %v (%s)", test.from, test.imports, !test.allowed, reason)
		}
	}
	for _, stray := range []string{"internal/misfit", "internal", "cmd/other", "misfit"} {
		if home, ok := homeOf(stray); ok {
			t.Errorf("%s lives in %s, want nowhere", stray, home.floorName())
		}
	}
}
