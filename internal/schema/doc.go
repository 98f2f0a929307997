// Package schema derives JSON Schema from Go types and reads JSON strictly
// against it: what it accepts decodes exactly, and what it refuses is told field
// by field.
//
// One derivation serves both ends. [Components] puts the schemas into the OpenAPI
// document; [Read], [ReadCreate], [ReadUpdate] and [Content] check bodies against
// the same schemas. A body is parsed once into a flat list of its values; the
// checks walk that list, and only a body without fault is decoded.
//
// Strict means: names are compared letter by letter, a member that is not known or
// not the client's to set is refused, null is taken only where the schema says so,
// whole numbers have no fraction and no exponent, and nothing is left to chance
// between parsers: no name twice in an object, no lone surrogates, no numbers
// beyond float64, no NUL characters (PostgreSQL cannot store them).
//
// # Tags
//
// The vocabulary of struct tags is that of github.com/danielgtaylor/huma/v2
// (minLength, maxLength, pattern, patternDescription, enum, format, minimum,
// maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minItems, maxItems,
// uniqueItems, minProperties, maxProperties, default, example, doc, required,
// readOnly), and these:
//
//   - write:"create,update" on the fields of a noun: when a client may send it.
//     See [Create] and [Update].
//   - types:"number,string,null" on a json.RawMessage: the JSON types it may have.
//
// On a field that takes several types a limit applies to the type it is made for.
// On a list, limits of strings and numbers apply to its items.
package schema
