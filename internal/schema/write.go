package schema

import (
	"reflect"

	"parley"
)

// ReadCreate reads a body that makes a noun. Into points to the noun with its
// defaults (see [Defaults]): only the fields that are given are overwritten.
// Errors are those of [Read]; on an error into is as it was.
func ReadCreate(raw []byte, into any) error { return readNoun(raw, into, creating) }

// ReadUpdate reads a body that changes a noun. Into points to the noun as it is:
// fields that are given replace what is there, but maps are merged member by
// member, and null removes a member. Nothing that the old value shares with others
// (its maps, lists and pointers) is touched. Errors are those of [Read]; on an
// error into is as it was.
func ReadUpdate(raw []byte, into any) error { return readNoun(raw, into, updating) }

func readNoun(raw []byte, into any, v view) error {
	present := reflect.ValueOf(into).Elem()
	s := cached(use{present.Type(), v})
	d, err := s.parse(raw, body)
	if err != nil {
		return err
	}
	defer d.release()

	changed := reflect.New(present.Type()).Elem()
	changed.Set(present)
	members := s.given(d)
	for _, m := range members {
		if err := m.set(d, changed); err != nil {
			return err
		}
		if err := m.merge(d, changed, present); err != nil {
			return err
		}
	}
	if err := crossCheckGiven(changed, members); err != nil {
		return err
	}
	present.Set(changed)
	return nil
}

// given is a field of a noun that a body gives.
type given struct {
	*target
	value int32 // its entry in the document
}

// target is a field that a client may write.
type target struct {
	name    string
	index   []int
	decode  decoder
	presets []preset // of a struct: what its fields are if they are left out
	isMap   bool
	most    int // of a map: how many members it may have; 0: any number
}

// targetsOf are the fields of the noun that the object says a client may write.
func targetsOf(t reflect.Type, o *objectRules) map[string]*target {
	targets := map[string]*target{}
	for _, f := range fields(t) {
		m, writable := o.members[f.name]
		if !writable {
			continue
		}
		target := &target{name: f.name, index: f.Index, decode: decoderOf(f.Type), isMap: f.Type.Kind() == reflect.Map}
		if target.isMap {
			target.most = m.node.object.most
		}
		if f.Type.Kind() == reflect.Struct && !ownJSON(f.Type) {
			target.presets = presetsOf(f.Type)
		}
		targets[f.name] = target
	}
	return targets
}

func (s *Schema) given(d *document) []given {
	top := d.entries[0]
	members := make([]given, 0, top.size)
	for name := int32(1); name < top.next; name = d.entries[name+1].next {
		members = append(members, given{s.targets[d.says(name)], name + 1})
	}
	return members
}

// set replaces the field by what is given. It begins from nothing: decoding reuses
// what it finds in maps, lists and pointers, and the old value may still be wanted.
func (g given) set(d *document, noun reflect.Value) error {
	field := noun.FieldByIndex(g.index)
	field.SetZero()
	setPresets(field, g.presets)
	return g.decode(d, g.value, field)
}

// merge puts the members of a map that were given among those that were there.
func (g given) merge(d *document, changed, present reflect.Value) error {
	if !g.isMap {
		return nil
	}
	news, olds := changed.FieldByIndex(g.index), present.FieldByIndex(g.index)
	merged := reflect.MakeMapWithSize(news.Type(), news.Len()+olds.Len())
	for name, value := range olds.Seq2() {
		merged.SetMapIndex(name, value)
	}
	for name := g.value + 1; name < d.entries[g.value].next; name = d.entries[name+1].next {
		key := reflect.ValueOf(d.says(name)).Convert(news.Type().Key())
		value := reflect.Value{} // which removes the member
		if d.entries[name+1].kind != null {
			value = news.MapIndex(key)
		}
		merged.SetMapIndex(key, value)
	}
	if g.most > 0 && merged.Len() > g.most {
		return parley.InvalidField(body+"."+g.name, "must have at most %d members", g.most)
	}
	news.Set(merged)
	return nil
}
