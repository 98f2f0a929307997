// Command shape prints the ten longest files and the ten longest functions below
// a folder, to be looked at in review: a file is a topic, a function is a step.
// Tests and generated files are left out.
//
//	shape [folder]
package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	files, functions, err := measure(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "shape:", err)
		os.Exit(1)
	}
	fmt.Println("Longest files")
	longest(files)
	fmt.Println("\nLongest functions")
	longest(functions)
}

// thing is a file or a function and its length.
type thing struct {
	name  string
	lines int
}

func longest(things []thing) {
	slices.SortFunc(things, func(a, b thing) int {
		return cmp.Or(cmp.Compare(b.lines, a.lines), strings.Compare(a.name, b.name))
	})
	for _, t := range things[:min(10, len(things))] {
		fmt.Printf("%6d  %s\n", t.lines, t.name)
	}
}

func measure(root string) (files, functions []thing, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file, own, err := measureFile(path, name)
		files = append(files, file...)
		functions = append(functions, own...)
		return err
	})
	return files, functions, err
}

// measureFile returns nothing for a generated file.
func measureFile(path, name string) (files, functions []thing, err error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || ast.IsGenerated(file) {
		return nil, nil, err
	}
	for _, declaration := range file.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok {
			start, end := fset.Position(f.Pos()), fset.Position(f.End())
			functions = append(functions, thing{
				name:  fmt.Sprintf("%s:%d %s", name, start.Line, f.Name.Name),
				lines: end.Line - start.Line + 1,
			})
		}
	}
	return []thing{{name, fset.Position(file.FileEnd).Line}}, functions, nil
}
