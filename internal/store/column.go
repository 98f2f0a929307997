package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"parley"
)

// column is one field of a noun in its table.
type column struct {
	name  string // of the column
	json  string // of the field in JSON
	index int    // of the field in the struct
	plain bool   // kept as it is; else as JSON text
}

func columnsOf(t reflect.Type) []column {
	var columns []column
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Tag.Get("db") == "-" {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		c := column{name: name, json: name, index: i, plain: plain(f.Type)}
		if name == "sequence" {
			c.name = "seq"
		}
		columns = append(columns, c)
	}
	return columns
}

func plain(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
		return true
	}
	return false
}

// value is what the database is given for the column: a string, an int64, a bool
// or nil, so that two values are equal exactly if == says so.
func (c column) value(obj reflect.Value) any {
	f := obj.Field(c.index)
	if !c.plain {
		return string(encode(f.Interface()))
	}
	if f.Kind() == reflect.Pointer {
		if f.IsNil() {
			return nil
		}
		f = f.Elem()
	}
	switch f.Kind() {
	case reflect.String:
		return f.String()
	case reflect.Bool:
		return f.Bool()
	default:
		return f.Int()
	}
}

// same tells whether the column has the same value in two objects.
func (c column) same(a, b reflect.Value) bool {
	f, g := a.Field(c.index), b.Field(c.index)
	switch f.Kind() {
	case reflect.String:
		return f.String() == g.String()
	case reflect.Int, reflect.Int64:
		return f.Int() == g.Int()
	case reflect.Map, reflect.Slice:
		if f.UnsafePointer() == g.UnsafePointer() && f.Len() == g.Len() {
			return true
		}
	}
	return c.value(a) == c.value(b)
}

// target is where a row's column is scanned to.
func (c column) target(obj reflect.Value) any {
	p := obj.Field(c.index).Addr().Interface()
	if c.plain {
		return p
	}
	return jsonTarget{p}
}

type jsonTarget struct{ into any }

// Scan decodes JSON text.
func (t jsonTarget) Scan(src any) error {
	switch src := src.(type) {
	case string:
		return json.Unmarshal([]byte(src), t.into)
	case []byte:
		return json.Unmarshal(src, t.into)
	}
	return fmt.Errorf("cannot read JSON from a %T", src)
}

// Changed tells which fields of the object differ, with the values they had
// before. Its own bookkeeping (updated_at, sequence) does not count.
func (t *Table[T]) Changed(before, after *T) parley.Previous {
	old, now := reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem()
	var previous parley.Previous
	for _, c := range t.columns {
		if c.name == "updated_at" || c.name == "seq" || c.same(old, now) {
			continue
		}
		if previous == nil {
			previous = parley.Previous{}
		}
		previous[c.json] = old.Field(c.index).Interface()
	}
	return previous
}

// Stamp makes a new object one that can be inserted: it gets an id, its times and
// its place in the log, and its lists and maps are empty rather than absent.
func (t *Table[T]) Stamp(obj *T, seq int64, at parley.Time) {
	v := reflect.ValueOf(obj).Elem()
	for _, c := range t.columns {
		f := v.Field(c.index)
		switch {
		case c.name == "id":
			f.SetString(parley.MakeID(f.Interface().(interface{ Prefix() string }).Prefix()))
		case c.name == "created_at":
			f.SetInt(int64(at))
		case f.Kind() == reflect.Map && f.IsNil():
			f.Set(reflect.MakeMap(f.Type()))
		case f.Kind() == reflect.Slice && f.IsNil():
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
	t.Touch(obj, seq, at)
}

// Touch stamps an object that has changed with its new place in the log.
func (t *Table[T]) Touch(obj *T, seq int64, at parley.Time) {
	v := reflect.ValueOf(obj).Elem()
	for _, c := range t.columns {
		switch c.name {
		case "updated_at":
			v.Field(c.index).SetInt(int64(at))
		case "seq":
			v.Field(c.index).SetInt(seq)
		}
	}
}

// ID is the object's id.
func (t *Table[T]) ID(obj *T) string { return t.field(obj, "id").String() }

// Sequence is the place in the log of the object's last change.
func (t *Table[T]) Sequence(obj *T) int64 { return t.field(obj, "seq").Int() }

func (t *Table[T]) field(obj *T, name string) reflect.Value {
	for _, c := range t.columns {
		if c.name == name {
			return reflect.ValueOf(obj).Elem().Field(c.index)
		}
	}
	panic("store: " + t.name + " has no column " + name)
}

// Clone copies an object so that changing the copy, its maps and lists included,
// leaves the original as it was.
func (t *Table[T]) Clone(obj *T) T {
	c := *obj
	from, to := reflect.ValueOf(obj).Elem(), reflect.ValueOf(&c).Elem()
	for _, col := range t.columns {
		if f := from.Field(col.index); f.Kind() == reflect.Map && !f.IsNil() {
			m := reflect.MakeMapWithSize(f.Type(), f.Len())
			for it := f.MapRange(); it.Next(); {
				m.SetMapIndex(it.Key(), it.Value())
			}
			to.Field(col.index).Set(m)
		} else if f.Kind() == reflect.Slice && !f.IsNil() {
			to.Field(col.index).Set(reflect.AppendSlice(reflect.MakeSlice(f.Type(), 0, f.Len()), f))
		} else if f.Kind() == reflect.Pointer && !f.IsNil() {
			p := reflect.New(f.Type().Elem())
			p.Elem().Set(f.Elem())
			to.Field(col.index).Set(p)
		}
	}
	return c
}
