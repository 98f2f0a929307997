package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/database"
)

// MaxFields is how many custom fields a kind of object may have, and how many
// variables an object.
const MaxFields = 200

// maxValues is how much room the variables of an object may take, and how much its
// custom fields: they are in every event that tells of the object.
const maxValues = 64 << 10

// CheckCustomFields refuses values that the organization's custom fields for a
// kind of object do not allow. Values that are as they were before pass, so that
// those of a field deleted since do not stand in the way.
func CheckCustomFields(ctx context.Context, q database.Querier, org parley.OrganizationID, object string, before, after parley.Values) error {
	var wrong []parley.FieldError
	var fields map[string]parley.CustomField
	for key, value := range after {
		if string(before[key]) == string(value) && before[key] != nil {
			continue
		}
		if fields == nil {
			rows, err := CustomFields.query(ctx, q, org, Where("object = ?", object), "order by id", MaxFields)
			if err != nil {
				return err
			}
			fields = map[string]parley.CustomField{}
			for _, f := range rows {
				fields[f.Key] = f
			}
		}
		if message := checkField(fields, object, key, value); message != "" {
			wrong = append(wrong, parley.FieldError{Location: "body.custom_fields." + key, Message: message})
		}
	}
	if len(wrong) == 0 && fields != nil && !fits(after) {
		return parley.InvalidField("body.custom_fields", tooLarge)
	}
	return fieldErrors(wrong)
}

func checkField(fields map[string]parley.CustomField, object, key string, value json.RawMessage) string {
	f, ok := fields[key]
	if !ok {
		return fmt.Sprintf("is not a custom field of %ss: define it first at /v1/custom_fields", object)
	}
	kind := ValueType(value)
	switch {
	case f.Type == "select":
		var s string
		if kind == "" || json.Unmarshal(value, &s) != nil || !slices.Contains(f.Options, s) {
			return "must be one of " + strings.Join(f.Options, ", ")
		}
	case f.Type == "text" && (kind == "date" || kind == "text"):
	case kind == f.Type:
	case f.Type == "date":
		return "must be a date like 2026-11-20 or 2026-11-20T10:30:00Z"
	default:
		return "must be a " + f.Type
	}
	return ""
}

// The faults of variables.
const (
	misnamed  = "must be named with 1 to 100 letters, digits, or any of _ . -"
	misvalued = "must be text of at most 10,000 characters, a number, a boolean, or a date as text like 2026-11-20"
	tooLarge  = "must have at most 64 KiB in all"
)

// CheckVariables refuses names and values that variables cannot have. location is
// where the values stand in the request.
func CheckVariables(location string, values parley.Values) error {
	var wrong []parley.FieldError
	for name, value := range values {
		at := location + "." + name
		if !variableName.MatchString(name) {
			wrong = append(wrong, parley.FieldError{Location: at, Message: misnamed})
		} else if ValueType(value) == "" {
			wrong = append(wrong, parley.FieldError{Location: at, Message: misvalued})
		}
	}
	if len(wrong) > 0 {
		return fieldErrors(wrong)
	}
	return checkRoom(location, values)
}

// CheckVariable refuses one variable of an object, set by a request that names it in
// its path. all are the object's variables, this one included.
func CheckVariable(name string, all parley.Values) error {
	if !variableName.MatchString(name) {
		return parley.InvalidField("path.name", misnamed)
	}
	if ValueType(all[name]) == "" {
		return parley.InvalidField("body.value", misvalued)
	}
	return checkRoom("body.value", all)
}

func checkRoom(location string, values parley.Values) error {
	if len(values) > MaxFields {
		return parley.InvalidField(location, "must leave the object with at most %d variables", MaxFields)
	}
	if !fits(values) {
		return parley.InvalidField(location, tooLarge)
	}
	return nil
}

// Together are an object's values with those of another that it lacks; ok is false if
// that is more than one object may have.
func Together(mine, others parley.Values) (both parley.Values, ok bool) {
	both = parley.Values{}
	maps.Copy(both, others)
	maps.Copy(both, mine)
	return both, len(both) <= MaxFields && fits(both)
}

func fits(values parley.Values) bool {
	size := 0
	for name, value := range values {
		size += len(name) + len(value)
	}
	return size <= maxValues
}

var variableName = regexp.MustCompile(`^[\pL\pN_.-]{1,100}$`)

// ValueType is the type of a variable's or custom field's value: text, number,
// boolean or date (text in RFC 3339 form); "" for what can be none of them.
func ValueType(value json.RawMessage) string {
	if len(value) == 0 {
		return ""
	}
	switch c := value[0]; {
	case c == 't', c == 'f':
		return "boolean"
	case c == '-', '0' <= c && c <= '9':
		return "number"
	case c != '"':
		return ""
	}
	var s string
	if json.Unmarshal(value, &s) != nil || utf8.RuneCountInString(s) > 10_000 {
		return ""
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if _, err := time.Parse(layout, s); err == nil {
			return "date"
		}
	}
	return "text"
}

func fieldErrors(wrong []parley.FieldError) error {
	if len(wrong) == 0 {
		return nil
	}
	slices.SortFunc(wrong, func(a, b parley.FieldError) int { return strings.Compare(a.Location, b.Location) })
	return parley.InvalidFields(wrong...)
}
