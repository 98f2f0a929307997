package parley_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house says where each package lives, from the foundation up. A package may
// import its own floor and those below it. A name stands for internal/<name> and
// what lies under it; one that starts with a dot is a path in the module. A new
// package goes to the lowest floor that has what it needs.
var house = []struct{ floor, packages, reason string }{
	{"client", "./sdk/go", "other people's programs import it: what it knows of Parley stands in the OpenAPI document"},
	{"words", ".", "everything speaks in these words, so they know nobody"},
	{"kit", "./webhook", "other people's programs import it: of ours it brings along only the words, in which the data of events are declared once"},
	{"ground", "blob check condition database markdown outbound ratelimit sandbox schema series spelling template vault web", "tools that would serve another product as well: they know no noun's rules"},
	{"memory", "eventlog noun payload quota store tally timer", "keeps rows, events and due times, and writes them down; what they mean is the verbs' business"},
	{"verbs", "account attachment contact conversation endpoint help sales work", "changes rows and appends events in one transaction; what follows from a change comes up through the log, so a verb calls no follower"},
	{"followers", "automation cadence flow live webhook", "reads the log and acts through verbs: whoever stands at a door is nothing to it"},
	{"doors", "api dashboard portal widget", "lets people and programs in; is told by the server what it serves"},
	{"whole", "bench mirror server", "wires everything by hand, once, or measures or copies it from outside"},
	{"programs", "./cmd/parley ./sdk/js/generate", "reads flags and prints; whatever could be of use elsewhere lives below"},
	{"examples", "./examples/receiver", "somebody else's code, as it would be without us"},
}

// forbidden are the imports that the floors alone would allow. Each place in
// `from` and `to` is a floor, a package of the house, or the path of an import
// with what lies under it; "*" is every floor, "others" every module but ours
// and the standard library. `but` are the packages that may.
var forbidden = []struct{ from, to, but, reason string }{
	{"words kit", "others", "", "the words and the kit are other people's too: besides each other they import the standard library only"},
	{"ground memory verbs followers doors whole programs", "kit", "", "the kit is for those who receive; Parley delivers"},
	{"*", "client", "", "it is for other people's programs; ours call verbs"},
	{"followers", "followers", "", "followers know nothing of each other: what one causes, another reads in the log"},
	{"doors", "doors", "", "what two doors share is a verb, or belongs to web"},
	{"memory verbs", "net/http github.com/danielgtaylor/huma", "", "rules and flows call verbs too, and they bring no request along"},
	{"mirror", "memory verbs followers doors", "", "it is a follower outside the house, and knows what the public API tells"},
	{"*", "modernc.org/sqlite github.com/jackc/pgx github.com/pressly/goose", "database", "where the two engines differ, the difference has a name in package database, and nobody else knows which one runs"},
	{"*", "code.dny.dev/ssrf", "outbound", "one client leaves the house, with one set of rules about where it may go"},
	{"*", testingModules, "./examples/receiver", "it serves tests only, and has no business in the binary"},
}

// testingModules are the modules that only tests may import.
const testingModules = "github.com/chromedp github.com/cloudevents github.com/getkin/kin-openapi github.com/google/go-cmp " +
	"github.com/rogpeppe/go-internal github.com/standard-webhooks go.uber.org/goleak pgregory.net/rapid"

// testingTree holds what tests share. It stands outside the house: it may import
// anything, and only tests and itself may import it.
const testingTree = "internal/testing"

func TestImportsFollowTheHouse(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		if file.test || within(file.dir, testingTree) {
			continue
		}
		home, ok := homeOf(file.dir)
		if !ok {
			t.Errorf("%s: %s has no place in the house: add it to the table in arch_test.go, on the lowest floor that has what it needs", file.path, file.dir)
			continue
		}
		for _, imported := range file.imports() {
			if reason := objection(home, imported); reason != "" {
				t.Errorf("%s imports %s: %s", file.path, imported, reason)
			}
		}
	}
}

// home is where a package lives: its line in the table and its name there.
type home struct {
	floor int
	name  string
}

func (h home) floorName() string { return house[h.floor].floor }

// homeOf finds the home of the package in a folder of the module.
func homeOf(dir string) (home, bool) {
	for i, floor := range house {
		for _, name := range strings.Fields(floor.packages) {
			if within(dir, folder(name)) {
				return home{i, name}, true
			}
		}
	}
	return home{}, false
}

// folder is where the package lives that the table calls by this name.
func folder(name string) string {
	if strings.HasPrefix(name, ".") {
		return path.Clean(name)
	}
	return "internal/" + name
}

// objection says why a package that lives at from may not import this one, or
// nothing if it may.
func objection(from home, imported string) string {
	dir, ours := folderOf(imported)
	if ours && within(dir, testingTree) {
		return "what lies in " + testingTree + " is for tests only"
	}
	to, known := homeOf(dir)
	if ours && known {
		if to == from {
			return ""
		}
		if to.floor > from.floor {
			return house[to.floor].floor + " are above " + from.floorName() + ": " + house[from.floor].reason
		}
	}
	for _, rule := range forbidden {
		if from.isOneOf(rule.from) && !from.isOneOf(rule.but) && matches(imported, ours, to, rule.to) {
			return rule.reason
		}
	}
	return ""
}

func (h home) isOneOf(places string) bool {
	for _, place := range strings.Fields(places) {
		if place == "*" || place == h.floorName() || place == h.name {
			return true
		}
	}
	return false
}

func matches(imported string, ours bool, to home, places string) bool {
	if ours {
		return to.isOneOf(places)
	}
	for _, place := range strings.Fields(places) {
		if within(imported, place) || place == "others" && strings.Contains(strings.Split(imported, "/")[0], ".") {
			return true
		}
	}
	return false
}

// folderOf is the folder in the module of an import of ours.
func folderOf(imported string) (dir string, ours bool) {
	if imported == "parley" {
		return ".", true
	}
	return strings.CutPrefix(imported, "parley/")
}

// within tells whether a path is root or lies under it. Nothing lies under the
// root of the module but itself: every other package has its own place.
func within(dir, root string) bool {
	return dir == root || strings.HasPrefix(dir, root+"/")
}

// source is one Go file of the module.
type source struct {
	path      string // from the root of the module
	dir       string // of its package: "." is the root
	test      bool
	generated bool
	fset      *token.FileSet
	file      *ast.File
}

// imports are the paths of what the file imports.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err == nil {
			paths = append(paths, imported)
		}
	}
	return paths
}

// at is the place of a node, as an editor understands it.
func (s source) at(node ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(node.Pos()).Line)
}

// sources reads every Go file of this module. The tools are a module of their own.
func sources(t *testing.T) []source {
	t.Helper()
	elsewhere := []string{".git", "testdata", "tools"}
	fset := token.NewFileSet()
	var all []source
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains(elsewhere, entry.Name()) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(name)
		all = append(all, source{
			path: slashed, dir: path.Dir(slashed), test: strings.HasSuffix(name, "_test.go"),
			generated: ast.IsGenerated(file), fset: fset, file: file,
		})
		return nil
	})
	if err != nil {
		t.Fatalf("read the sources: %v", err)
	}
	return all
}

// What the dashboard changes it changes by the verbs that the API uses: with their
// checks, and an event for each change. So its pages hold nothing to write with. A
// transaction is made by a database, and everything that writes, be it of the store or
// of the log, takes one: neither is to be had.
const (
	pages      = "internal/dashboard"
	pagesHave  = "Read Engine" // of a database
	pagesWrite = "its pages change things through the packages of the verbs only: move this behind one, which appends the event and is there for the API as well"
)

// writers are the packages below the dashboard that write, and why they may.
var writers = map[string]string{
	"internal/dashboard/session": "who is signed in where is a matter of the dashboard alone: it is no noun, the log does not tell of it, and the API has other credentials",
}

// holders are the files that name the whole database, because they hand it on.
var holders = map[string]string{
	"internal/dashboard/page/page.go": "the server gives all pages the database here, of which each may use what pagesHave names",
}

func TestPagesChangeThingsThroughVerbs(t *testing.T) {
	t.Parallel()
	all, seen := sources(t), map[string]bool{}
	for _, s := range all {
		if s.test || !within(s.dir, pages) {
			continue
		}
		place := s.dir
		if holders[s.path] != "" {
			place = s.path
		}
		for _, found := range writesOf(s) {
			seen[place] = true
			if writers[s.dir] == "" && (holders[s.path] == "" || found.what != "database.DB") {
				t.Errorf("%s: %s: %s", s.at(found.node), found.what, pagesWrite)
			}
		}
	}
	for _, excepted := range []map[string]string{writers, holders} {
		for place := range excepted {
			if !seen[place] {
				t.Errorf("%s writes nothing: it needs no exception in arch_test.go", place)
			}
		}
	}
}

// write is a place at which a file gets hold of what it could write with.
type write struct {
	node ast.Node
	what string
}

// writesOf finds the types of package database that write, and what is done with a
// database other than reading.
func writesOf(s source) (found []write) {
	database := ""
	for _, spec := range s.file.Imports {
		if spec.Path.Value != `"parley/internal/database"` {
			continue
		}
		database = "database"
		if spec.Name != nil {
			database = spec.Name.Name
		}
	}
	harmless := map[ast.Node]bool{}
	ast.Inspect(s.file, func(node ast.Node) bool {
		used, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := used.X.(*ast.SelectorExpr); ok && isDatabase(of.Sel.Name) && slices.Contains(strings.Fields(pagesHave), used.Sel.Name) {
			harmless[of] = true
		}
		from, _ := used.X.(*ast.Ident)
		switch {
		case database != "" && from != nil && from.Name == database && (used.Sel.Name == "Tx" || used.Sel.Name == "DB" || used.Sel.Name == "Open"):
			found = append(found, write{used, "database." + used.Sel.Name})
		case isDatabase(used.Sel.Name) && !harmless[used] && (database == "" || from == nil || from.Name != database):
			found = append(found, write{used, "a database, of which is used more than " + pagesHave})
		}
		return true
	})
	return found
}

// isDatabase tells whether a field of this name is one: verbs and pages call theirs so.
func isDatabase(name string) bool { return name == "DB" || name == "db" }

// The rule is only as good as what it notices.
func TestTheRuleOfPagesNotices(t *testing.T) {
	t.Parallel()
	const head = "package x\nimport \"parley/internal/database\"\nvar _ database.Querier\n"
	for code, want := range map[string]int{
		"func f(r request) { r.Site.DB.Read() }":                                                               0,
		"func f(r request) { r.Site.DB.Engine().Lower(x) }":                                                    0,
		"func f(r request) { names.Of(r.Context(), r.Site.DB.Read()) }":                                        0,
		"func f(r request) { r.Site.DB.Write(ctx, org, change) }":                                              1,
		"func f(r request) { r.Site.Attachments.DB.Record(ctx, change) }":                                      1,
		"func f(r request) { do := r.Site.DB.Write; do(ctx, org, change) }":                                    1,
		"func f(r request) { work.Close(ctx, r.Site.DB) }":                                                     1,
		"func f(s *thing) { s.db.Exec(ctx, `delete from labels`) }":                                            1,
		"func f(ctx context.Context, tx *database.Tx) { store.Labels.Delete(ctx, tx, org, id) }":               1,
		"var change = func(ctx context.Context, tx *database.Tx) error { return nil }":                         1,
		"type thing struct { db *database.DB }":                                                                1,
		"func f() { database.Open(ctx, config) }":                                                              1,
		"func f(r request) { r.Site.DB.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {}) }": 2,
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "x.go", head+code, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if found := writesOf(source{fset: fset, file: file}); len(found) != want {
			t.Errorf("%s: %d places are found, want %d: %v", code, len(found), want, found)
		}
	}
	renamed := "package x\nimport d \"parley/internal/database\"\nvar f = func(tx *d.Tx) {}"
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", renamed, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if found := writesOf(source{file: file}); len(found) != 1 {
		t.Errorf("under another name: %v", found)
	}
}
