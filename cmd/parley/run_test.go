package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// do runs the program with an environment.
func do(t *testing.T, env map[string]string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	stop() // a server that starts stops at once
	err = run(ctx, args, func(name string) string { return env[name] }, &out, &errs)
	return out.String(), errs.String(), err
}

// Each flag can be given in three ways; the nearest to the hand wins.
func TestSettingsComeFromTheNearestPlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		file string
		env  map[string]string
		args []string
		want string // the folder that the data is in
	}{
		{"file", `{"data": "from-file"}`, nil, nil, "from-file"},
		{"variable over file", `{"data": "from-file"}`, map[string]string{"PARLEY_DATA": "from-variable"}, nil, "from-variable"},
		{"flag over both", `{"data": "from-file"}`, map[string]string{"PARLEY_DATA": "from-variable"}, []string{"--data", "from-flag"}, "from-flag"},
		{"empty variable is none", `{"data": "from-file"}`, map[string]string{"PARLEY_DATA": ""}, nil, "from-file"},
	} {
		for _, named := range []string{"flag", "variable"} {
			t.Run(test.name+", file named by "+named, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				config := filepath.Join(dir, "parley.json")
				inDir := strings.NewReplacer("from-", dir+"/from-")
				if err := os.WriteFile(config, []byte(inDir.Replace(test.file)), 0o600); err != nil {
					t.Fatal(err)
				}
				env := map[string]string{}
				for name, value := range test.env {
					env[name] = inDir.Replace(value)
				}
				args := []string{"migrate"}
				if named == "flag" {
					args = append(args, "--config", config)
				} else {
					env["PARLEY_CONFIG"] = config
				}
				for _, arg := range test.args {
					args = append(args, inDir.Replace(arg))
				}
				// Opening needs a context that lasts, so migrate is run by itself.
				var out bytes.Buffer
				if err := run(t.Context(), args, func(name string) string { return env[name] }, &out, &out); err != nil {
					t.Fatalf("run: %v", err)
				}
				if _, err := os.Stat(filepath.Join(dir, test.want, "parley.db")); err != nil {
					t.Errorf("the data is not in %s: %v", test.want, err)
				}
			})
		}
	}
}

func TestHelpNamesVariables(t *testing.T) {
	t.Parallel()
	stdout, stderr, err := do(t, nil, "serve", "--help")
	if err != nil || stderr != "" {
		t.Fatalf("help: %v %s", err, stderr)
	}
	for _, want := range []string{"--addr", "$PARLEY_ADDR", "--allow-network", "$PARLEY_ALLOW_NETWORK", "$PARLEY_CONFIG"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the help does not have %s:\n%s", want, stdout)
		}
	}
}

func TestWithoutArgumentsThereIsHelp(t *testing.T) {
	t.Parallel()
	stdout, _, err := do(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"serve", "dev", "org create", "listen", "trigger", "events tail", "migrate", "version"} {
		if !strings.Contains(stdout, "\n  "+want+" ") {
			t.Errorf("the help does not have the command %s:\n%s", want, stdout)
		}
	}
}

func TestOwnersGetAnAddress(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Demo Bakery": "owner@demo-bakery.example.com", "  Ünïque & Co. 7 ": "owner@n-que-co-7.example.com", "北京": "owner@example.com",
		strings.Repeat("long ", 40): "owner@" + strings.TrimRight(strings.Repeat("long-", 12), "-") + ".example.com",
	} {
		if got := ownerOf(name); got != want {
			t.Errorf("%q has %s, want %s", name, got, want)
		}
	}
}
