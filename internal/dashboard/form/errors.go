package form

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"parley"
)

var lastIndex = regexp.MustCompile(`\[([0-9]+)\]$`)

// Errors shares out an error: to the inputs, by name, what is wrong with a field of the
// body, and the rest to all of the form. The third item of member_ids is told at
// member_ids. What is no *parley.Error is our fault and not the form's: both are empty
// for it, and whoever asked answers with it.
func Errors(err error) (byField map[string]string, general string) {
	byField = map[string]string{}
	var e *parley.Error
	if !errors.As(err, &e) || e.Kind == parley.Internal {
		return byField, ""
	}
	var rest []string
	for _, f := range e.Fields {
		name, inBody := strings.CutPrefix(f.Location, "body.")
		if !inBody {
			rest = append(rest, f.Location+" "+f.Message)
			continue
		}
		tell(byField, name, strings.TrimSuffix(f.Message, " or null")) // which is what an empty field is
	}
	if len(e.Fields) == 0 {
		return byField, e.Detail
	}
	return byField, strings.Join(rest, "; ")
}

// tell puts a message at a field, or at the list that it stands in.
func tell(byField map[string]string, name, message string) {
	if place := lastIndex.FindStringSubmatch(name); place != nil {
		n, _ := strconv.Atoi(place[1]) // digits
		name, message = strings.TrimSuffix(name, place[0]), "no. "+strconv.Itoa(n+1)+" "+message
	}
	if before := byField[name]; before != "" {
		message = before + "; " + message
	}
	byField[name] = message
}

// Fail gives the form that says what was wrong: beside the fields, and above them what
// concerns none that is in it. What was typed stays if the form's Values are those that
// were posted. It is not ok, and the form as it was, if the error is no *parley.Error.
func (f Form) Fail(err error) (failed Form, ok bool) {
	var e *parley.Error
	if !errors.As(err, &e) || e.Kind == parley.Internal {
		return f, false
	}
	byField, general := Errors(err)
	f.Errors, f.Error = map[string]string{}, general
	for name, message := range byField {
		f.place(name, "", message)
	}
	return f, true
}

// place puts a message at the innermost input that holds what is named, and else above
// the form. Rest is what of the name the input does not say.
func (f *Form) place(name, rest, message string) {
	said := strings.TrimSpace(strings.TrimPrefix(rest, ".") + " " + message)
	switch cut := strings.LastIndexAny(name, ".["); {
	case f.Set.has(name):
		if f.Set.kind(name) == Money {
			said = inUnits(said, f.Values.Get(currencyField))
		}
		tell(f.Errors, name, said)
	case cut >= 0:
		f.place(name[:cut], name[cut:]+rest, message)
	default:
		f.Error = strings.TrimPrefix(f.Error+"; "+label(name)+rest+" "+message, "; ")
	}
}
