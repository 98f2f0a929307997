package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// settings finds the values of flags that the command line does not give: in the
// environment, where --data-base is PARLEY_DATA_BASE, else in the configuration
// file, where it is "data_base".
type settings struct {
	getenv func(string) string
	path   string         // of the file that was read
	file   map[string]any // nil until one is read
}

// configFlag names the flag that names the file.
const configFlag = "config"

// variable is the environment variable of a flag.
func variable(flag string) string { return "PARLEY_" + strings.ToUpper(key(flag)) }

// key is what a flag is called in the file.
func key(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

// describe adds its variable to the help of a flag.
func describe(value *kong.Value) string {
	help := kong.DefaultHelpValueFormatter(value)
	if value.Flag == nil || value.Name == "help" {
		return help
	}
	return help + " ($" + variable(value.Name) + ")"
}

// Resolve implements kong.Resolver.
func (s *settings) Resolve(command *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "help" {
		return nil, nil
	}
	if text := s.getenv(variable(flag.Name)); text != "" {
		return text, nil
	}
	if flag.Name == configFlag {
		return nil, nil
	}
	if err := s.read(s.configured(command)); err != nil {
		return nil, err
	}
	return s.file[key(flag.Name)], nil
}

// configured is the path of the file, "" if none is named or the command takes none.
func (s *settings) configured(command *kong.Context) string {
	takesFile := slices.ContainsFunc(command.Flags(), func(f *kong.Flag) bool { return f.Name == configFlag })
	if !takesFile {
		return ""
	}
	for _, given := range command.Path {
		if given.Flag != nil && given.Flag.Name == configFlag {
			path, _ := command.FlagValue(given.Flag).(string)
			return path
		}
	}
	return s.getenv(variable(configFlag))
}

// read reads the file once.
func (s *settings) read(path string) error {
	if path == "" || s.file != nil {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		var reason *fs.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return fmt.Errorf("the configuration file %s cannot be read: %w", path, err)
	}
	s.path, s.file = path, map[string]any{}
	if err := json.Unmarshal(text, &s.file); err != nil {
		return fmt.Errorf("the configuration file %s is not a JSON object: %w", path, err)
	}
	return nil
}

// Validate implements kong.Resolver: it refuses a key that no command would read,
// as it is most likely misspelt.
func (s *settings) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, command := range app.Leaves(false) {
		flags := slices.Concat(command.AllFlags(false)...)
		if !slices.ContainsFunc(flags, func(f *kong.Flag) bool { return f.Name == configFlag }) {
			continue
		}
		for _, flag := range flags {
			known[key(flag.Name)] = true
		}
	}
	delete(known, configFlag)
	delete(known, "help")
	for _, name := range slices.Sorted(maps.Keys(s.file)) {
		if !known[name] {
			return fmt.Errorf("the configuration file %s has the unknown key %q: known are %s",
				s.path, name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return nil
}
