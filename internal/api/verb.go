package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"parley"
	"parley/internal/schema"
	"parley/internal/store"
)

// verb declares a verb of a noun that is a POST named after it and takes no body.
// What the object's status does not allow is 409.
func verb[T any, I parley.ID](a *API, plural string, table *store.Table[T], name, summary, doc string, do func(context.Context, parley.Caller, I) (T, error)) {
	verbWith(a, plural, table, name, summary, doc, func(ctx context.Context, by parley.Caller, id I, _ nothing) (T, error) {
		return do(ctx, by, id)
	})
}

// verbWith is verb for one that takes a body, a B. The body may be left out if no
// field of B must be given.
func verbWith[T any, I parley.ID, B any](a *API, plural string, table *store.Table[T], name, summary, doc string, do func(context.Context, parley.Caller, I, B) (T, error)) {
	one := table.Noun()
	op := operation{
		ID: verbID(name, one), Method: http.MethodPost, Path: "/v1/" + plural + "/{id}/" + name, Tag: title(plural),
		Scope: parley.Scope(plural + ":write"), Summary: summary, Doc: doc, Answer: a.components.Answer(reflect.TypeFor[T]()),
	}
	takes[B](a, &op)
	register(a, op, func(ctx context.Context, c *call, in *IDParam) (object[T], error) {
		id, err := pathID[I](in.ID, one)
		if err != nil {
			return object[T]{}, err
		}
		body, err := bodyOf[B](op, c)
		if err != nil {
			return object[T]{}, err
		}
		obj, err := do(ctx, c.Caller, id, body)
		return object[T]{obj, table}, err
	})
}

// verbID is the id of a verb of a noun: rotate-webhook-secret for rotate_secret.
func verbID(verb, noun string) string {
	first, rest, more := strings.Cut(verb, "_")
	id := first + "-" + hyphenated(noun)
	if more {
		id += "-" + strings.ReplaceAll(rest, "_", "-")
	}
	return id
}

// takes declares that a verb's body is a B. It may be left out if no field of it must
// be given.
func takes[B any](a *API, op *operation) {
	if t := reflect.TypeFor[B](); t != reflect.TypeFor[nothing]() {
		op.Body, op.BodyOptional = a.components.Request(t), !requires(t)
	}
}

// bodyOf reads a verb's body. One that may be left out is an empty object then.
func bodyOf[B any](op operation, c *call) (body B, err error) {
	raw := c.body
	if len(raw) == 0 && (op.Body == nil || op.BodyOptional) {
		raw = []byte("{}")
	}
	err = schema.Read(raw, &body, schema.OfType[B]())
	return body, err
}

// requires tells whether a body of this type has a field that must be given.
func requires(t reflect.Type) bool {
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("required") == "true" {
			return true
		}
	}
	return false
}
