package main

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/schema"
)

const head = `// What Parley's events hold. Made from the catalogue by go generate ./sdk/js/...:
// changes here would be lost.

/** An event of a declared type. */
export type EventOf<T extends EventType> = Omit<Envelope, "type" | "data"> & { type: T; data: EventData[T] };

/** An event of a type of your own (custom.…), or one that this release does not know. */
export type OtherEvent<T extends string = string> = Omit<Envelope, "type" | "data"> & { type: T; data: any };

/** The event of a type, by its name. */
export type EventNamed<T extends string> = T extends EventType ? EventOf<T> : OtherEvent<T>;

/** Any event of a declared type: its type tells what its data are. */
export type AnyEvent = { [T in EventType]: EventOf<T> }[EventType];

/** The names of the declared types. */
export type EventType = keyof EventData;
`

// declarations are the types of everything in the catalogue, in the order of their
// names.
func declarations() []byte {
	parts := schema.NewComponents()
	parts.Answer(reflect.TypeFor[parley.Envelope]())
	var b bytes.Buffer
	b.WriteString(head)
	b.WriteString("\n/** The data of each declared type. */\nexport interface EventData {\n")
	for _, d := range parley.Catalogue() {
		fmt.Fprintf(&b, "  /** %s */\n  %q: %s;\n", d.Doc, d.Name, expression(parts.Answer(d.Data), "  "))
	}
	b.WriteString("}\n")
	all := parts.Map()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		declare(&b, name, all[name])
	}
	return b.Bytes()
}

// declare writes the declaration of a type that others refer to by its name.
func declare(b *bytes.Buffer, name string, s *huma.Schema) {
	b.WriteString("\n")
	comment(b, "", s)
	if s.Type == huma.TypeObject && s.Properties != nil {
		fmt.Fprintf(b, "export interface %s %s\n", name, expression(s, ""))
		return
	}
	fmt.Fprintf(b, "export type %s = %s;\n", name, expression(s, ""))
}

// expression is a schema as a type. What stands on lines of its own is indented.
func expression(s *huma.Schema, indent string) string {
	t := notNull(s, indent)
	if s.Nullable {
		return t + " | null"
	}
	return t
}

func notNull(s *huma.Schema, indent string) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case s.Enum != nil:
		return literals(s.Enum)
	case s.OneOf != nil:
		return union(s.OneOf, indent)
	case s.AnyOf != nil:
		return union(s.AnyOf, indent)
	}
	switch s.Type {
	case huma.TypeString, huma.TypeBoolean, "null":
		return s.Type
	case huma.TypeNumber, huma.TypeInteger:
		return "number"
	case huma.TypeArray:
		return "Array<" + expression(s.Items, indent) + ">"
	case huma.TypeObject:
		return object(s, indent)
	}
	return "unknown"
}

func literals(values []any) string {
	var texts []string
	for _, v := range values {
		if v != nil { // the schema says of itself that it may be null
			texts = append(texts, fmt.Sprintf("%q", v))
		}
	}
	return strings.Join(texts, " | ")
}

func union(of []*huma.Schema, indent string) string {
	var types []string
	for _, s := range of {
		types = append(types, expression(s, indent))
	}
	return strings.Join(types, " | ")
}

// object is a type with members, or one whose members have any name.
func object(s *huma.Schema, indent string) string {
	if s.Properties == nil {
		values := "unknown"
		if each, ok := s.AdditionalProperties.(*huma.Schema); ok {
			values = expression(each, indent)
		}
		return "Record<string, " + values + ">"
	}
	var b bytes.Buffer
	b.WriteString("{\n")
	inner := indent + "  "
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		member := s.Properties[name]
		comment(&b, inner, member)
		mark := "?"
		if slices.Contains(s.Required, name) {
			mark = ""
		}
		fmt.Fprintf(&b, "%s%s%s: %s;\n", inner, name, mark, expression(member, inner))
	}
	b.WriteString(indent + "}")
	return b.String()
}

func comment(b *bytes.Buffer, indent string, s *huma.Schema) {
	if s.Description != "" {
		fmt.Fprintf(b, "%s/** %s */\n", indent, strings.ReplaceAll(s.Description, "*/", "* /"))
	}
}
