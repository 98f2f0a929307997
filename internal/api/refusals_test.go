package api_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// fault is something that is wrong with a request.
type fault struct {
	name   string
	body   string
	query  string
	header []string
	status int
	wrong  string // the location that the problem names
}

// faultsOfBodies are what may be wrong with any body, whatever it is for.
func faultsOfBodies() []fault {
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	return []fault{
		{name: "malformed", body: `{"name":`, status: 400},
		{name: "with text after it", body: `{} {}`, status: 400},
		{name: "no JSON at all", body: `name=Ada`, status: 400},
		{name: "a trailing comma", body: `{"a":1,}`, status: 400},
		{name: "invalid UTF-8", body: "{\"name\":\"\xff\xfe\"}", status: 400},
		{name: "invalid UTF-8 in a name", body: "{\"\xc3\x28\":1}", status: 400},
		{name: "deep", body: `{"custom_fields":` + deep + `}`, status: 400},
		{name: "a list", body: `[]`, status: 422, wrong: "body"},
		{name: "null", body: `null`, status: 422, wrong: "body"},
		{name: "a text", body: `"{}"`, status: 422, wrong: "body"},
		{name: "an unknown field", body: `{"no_such_field":1}`, status: 422, wrong: "body.no_such_field"},
		{name: "a known field in capitals", body: `{"NAME":"Ada"}`, status: 422, wrong: "body.NAME"},
		{name: "a NUL character", body: `{"no_such_field":"\u0000"}`, status: 422, wrong: "body.no_such_field"},
		{name: "a lone surrogate", body: `{"no_such_field":"\ud800"}`, status: 422, wrong: "body.no_such_field"},
		{name: "a huge number", body: `{"no_such_field":1e999}`, status: 422, wrong: "body.no_such_field"},
		{name: "a name given twice", body: `{"no_such_field":1,"no_such_field":1}`, status: 422, wrong: "body.no_such_field"},
		{name: "of another content type", body: `{}`, header: []string{"Content-Type", "text/plain"}, status: 415},
		{name: "of no content type", body: `{}`, header: []string{"Content-Type", ""}, status: 415},
		{name: "a form", body: `{}`, header: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415},
		{name: "over a megabyte", body: `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, status: 413},
	}
}

// faults are what may be wrong with any request.
func faults() []fault {
	return []fault{
		{name: "an unknown parameter", query: "no_such_parameter=1", status: 422, wrong: "query.no_such_parameter"},
		{name: "a parameter that is not UTF-8", query: "limit=%ff%fe", status: 400},
		{name: "a parameter with a NUL character", query: "limit=1%00", status: 400},
		{name: "a parameter that is badly escaped", query: "limit=%zz", status: 400},
		{name: "no key", header: []string{"Authorization", ""}, status: 401},
		{name: "no Bearer", header: []string{"Authorization", "Basic cGFybGV5OnBhcmxleQ=="}, status: 401},
		{name: "a key that is none", header: []string{"Authorization", "Bearer sk_live_123"}, status: 401},
		{name: "a key that is unknown", header: []string{"Authorization", "Bearer parley_000000000000000000000000000000002QlQqL"}, status: 401},
		{name: "a key with invalid UTF-8", header: []string{"Authorization", "Bearer parley_\xff"}, status: 401},
	}
}

func TestEveryOperationRefusesWhatIsWrong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.AddOrganization(t)).whole()
		before, head := rows(t, h, f.Client), f.Head()
		for _, op := range operations(t, h.Client) {
			t.Run(op.id, func(t *testing.T) {
				f := f.in(t)
				path, good := f.says(op.template(t)), f.says(op.body(t))
				for _, fault := range faults() {
					fault.body = good
					fault.check(t, f, op, path, head)
				}
				if op.method == "GET" || op.uploads { // any bytes may be a file
					return
				}
				for _, fault := range faultsOfBodies() {
					if op.id == "publish-events" && fault.name == "an unknown field" {
						fault.body = `{"type":"custom.a","no_such_field":1}`
					}
					if op.takesBody || fault.status == 413 || fault.status == 415 {
						fault.check(t, f, op, path, head)
					}
				}
			})
		}
		if after := rows(t, h, f.Client); !maps.Equal(before, after) {
			for table := range before {
				if before[table] != after[table] {
					t.Errorf("requests that were refused changed %s:\n%s\nis now\n%s", table, before[table], after[table])
				}
			}
		}
	})
}

// A member of the wrong type is named, whichever it is.
func TestEveryMemberHasAType(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).whole()
	head := f.Head()
	for _, op := range operations(t, h.Client) {
		if !op.takesBody || op.uploads {
			continue
		}
		t.Run(op.id, func(t *testing.T) {
			f := f.in(t)
			var good map[string]json.RawMessage
			if err := json.Unmarshal([]byte(f.says(op.body(t))), &good); err != nil {
				t.Fatal(err)
			}
			for member := range good {
				spoilt := maps.Clone(good)
				spoilt[member] = json.RawMessage(`[[true]]`)
				a := f.Do(op.method, f.says(op.template(t)), spoilt)
				if a.Status != 422 || !strings.Contains(string(a.Body), `"location":"body.`+member) {
					t.Errorf("%s of another type: %s", member, a)
				}
			}
		})
	}
	if f.Head() != head {
		t.Error("something was appended")
	}
}

func (p fault) check(t *testing.T, f *fixture, op operation, path string, head int64) {
	t.Helper()
	if p.query != "" {
		path += "?" + p.query
	}
	a := f.Do(op.method, path, p.body, p.header...)
	if a.Status != p.status {
		t.Errorf("%s: want %d, got %s", p.name, p.status, a)
		return
	}
	if p.wrong != "" && !strings.Contains(string(a.Body), `"location":"`+p.wrong+`"`) {
		t.Errorf("%s: %s is not named in %s", p.name, p.wrong, a)
	}
	if f.Head() != head {
		t.Fatalf("%s: something was appended", p.name)
	}
}

// What is in a path names something or nothing: it is never a bad request, unless
// it is no text.
func TestEveryOperationFindsNothingUnderWrongIDs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.AddOrganization(t)).whole()
		head := f.Head()
		for _, op := range operations(t, h.Client) {
			t.Run(op.id, func(t *testing.T) {
				f := f.in(t)
				template, good := op.template(t), f.says(op.body(t))
				for i, found := range parameterNames(template) {
					id := f.ids[found]
					for name, wrong := range map[string]string{
						"another one":                    unlike(id),
						"of another kind":                parley.MakeID("org"),
						"in capitals":                    strings.ToUpper(id),
						"too short":                      id[:len(id)-1],
						"not clean":                      id + "%27%20or%201=1",
						"with a letter that is not used": "con_" + strings.Repeat("u", 26),
					} {
						if found == "name" || found == "type" {
							wrong = "none.such"
						}
						path := template
						for j, other := range parameterNames(template) {
							value := f.ids[other]
							if i == j {
								value = wrong
							}
							path = strings.Replace(path, "$"+other, value, 1)
						}
						a := f.Do(op.method, path, good)
						switch {
						case found == "name" && strings.Contains(op.id, "variable"):
							if a.Status >= 500 {
								t.Errorf("%s: %s", path, a)
							}
						case a.Status != 404:
							t.Errorf("%s (%s): want 404, got %s", path, name, a)
						}
						for what, status := range map[string]int{"%ff": 400, "%00": 400} {
							a := f.Do(op.method, strings.Replace(path, wrong, what, 1), good)
							if a.Status != status {
								t.Errorf("%s in the path: want %d, got %s", what, status, a)
							}
						}
					}
				}
			})
		}
		_ = head
	})
}

func parameterNames(template string) (names []string) {
	for part := range strings.SplitSeq(template, "/") {
		if name, ok := strings.CutPrefix(part, "$"); ok {
			names = append(names, name)
		}
	}
	return names
}
