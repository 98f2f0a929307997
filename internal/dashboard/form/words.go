package form

import (
	"regexp"
	"strings"
	"unicode"
)

// labels are what fields are called whose names do not say it well.
var labels = map[string]string{
	"url": "URL", "token_url": "Token URL", "sku": "SKU", "external_id": "External ID", "client_id": "Client ID",
	"color": "Colour", "inboxs": "Inboxes", "v1": "v1", "v1a": "v1a", "api": "API", "oauth2": "OAuth 2", "mtls": "mTLS",
	"snoozed_until": "Snoozed until", "cloudevents": "CloudEvents", "unit_amount": "Price of one",
	"timeout_seconds": "Timeout in seconds", "retention_days": "Days that events are kept",
}

// Label is the name of a field as a person reads it: "Time zone" for time_zone.
func Label(name string) string { return label(name) }

// label is [Label], for those who write it often.
func label(name string) string {
	if known, ok := labels[name]; ok {
		return known
	}
	return sentence(strings.ReplaceAll(name, "_", " "))
}

func sentence(words string) string {
	for i, r := range words {
		return words[:i] + string(unicode.ToUpper(r)) + words[i+len(string(r)):]
	}
	return words
}

// snake writes the name of a type as JSON would: custom_field for CustomField.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 && unicode.IsLower(rune(name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// ofTheAPI are the parts of a field's doc that speak to programs only.
var ofTheAPI = regexp.MustCompile(`[;.,]? ?([Oo]n PATCH|Null once|null once|Changed by POST)[^.;]*|, in the currency's smallest unit|^In the currency's smallest unit$`)

// help is a field's doc for people: what it says of requests is left out, and what is
// null or left out in them is empty in a form.
func help(doc string) string {
	doc = ofTheAPI.ReplaceAllString(doc, "")
	for _, phrase := range []string{"left out or null", "null", "left out"} {
		doc = strings.ReplaceAll(doc, "; "+phrase+": ", "; empty: ")
		doc = strings.ReplaceAll(doc, "; "+phrase+" ", "; empty ")
	}
	doc = strings.ReplaceAll(doc, " if left out", " if empty")
	return strings.Trim(doc, " .;,")
}
