package mirror

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley"
)

// batch is what is written to the target at once.
type batch struct {
	events    []json.RawMessage
	rewritten []json.RawMessage // events that the target has, with other data
	changes   []*changes        // one for each noun that has any
	bytes     int
}

// full tells that there is enough to be written.
func (b *batch) full() bool {
	return len(b.events)+len(b.rewritten) >= batchRows || b.bytes >= batchBytes
}

// changes are those of one noun. Of an object only the last state counts: its put and
// its touch are one, and what is deleted is neither. They are written in the order of
// the fields.
type changes struct {
	noun    *Noun
	clear   bool // forget everything
	puts    []row
	touches []row // only some members: what the target has keeps the others
	deletes []string
	within  []string // parents whose parts go
	spans   []span

	putAt, touchAt map[string]int
}

// span is a range of ids of which only some exist: the rest of it is gone.
type span struct {
	parent string // of the objects' parent, if the noun is a part
	below  string // up to this id, which is not in it; "": to the end
	from   string // beginning with this one; "": from the start
	keep   []string
}

// of are the changes of a noun.
func (b *batch) of(n *Noun) *changes {
	i := slices.IndexFunc(b.changes, func(c *changes) bool { return c.noun == n })
	if i >= 0 {
		return b.changes[i]
	}
	c := &changes{noun: n, putAt: map[string]int{}, touchAt: map[string]int{}}
	b.changes = append(b.changes, c)
	return c
}

// record adds an event to the log.
func (b *batch) record(envelope json.RawMessage) {
	b.events = append(b.events, envelope)
	b.bytes += len(envelope)
}

// rewrite adds an event that the log has with other data than it had.
func (b *batch) rewrite(envelope json.RawMessage) {
	b.rewritten = append(b.rewritten, envelope)
	b.bytes += len(envelope)
}

// put makes an object be as it is given.
func (b *batch) put(n *Noun, r row) {
	c := b.of(n)
	b.bytes += len(r.object)
	if i, ok := c.putAt[r.id]; ok {
		if c.puts[i].sequence <= r.sequence {
			c.puts[i] = r
		}
		return
	}
	c.putAt[r.id] = len(c.puts)
	c.puts = append(c.puts, r)
}

// touch changes some members of an object, if the target has it.
func (b *batch) touch(n *Noun, r row) error {
	c := b.of(n)
	if i, ok := c.putAt[r.id]; ok {
		return merge(&c.puts[i], r)
	}
	if i, ok := c.touchAt[r.id]; ok {
		return merge(&c.touches[i], r)
	}
	c.touchAt[r.id] = len(c.touches)
	c.touches = append(c.touches, r)
	return nil
}

// merge brings a row up to date with a newer one that has some of its members.
func merge(into *row, r row) (err error) {
	if into.sequence >= r.sequence {
		return nil
	}
	var newer map[string]json.RawMessage
	if err := json.Unmarshal(r.object, &newer); err != nil {
		return fmt.Errorf("read a change: %w", err)
	}
	into.sequence = r.sequence
	into.object, err = changed(into.object, func(members map[string]json.RawMessage) {
		for name, value := range newer {
			members[name] = value
		}
	})
	return err
}

// remove deletes an object, with its parts. Ids are not given twice, so nothing that
// follows can bring it back.
func (b *batch) remove(n *Noun, id string) {
	c := b.of(n)
	c.deletes = append(c.deletes, id)
	for _, part := range n.parts {
		of := b.of(part)
		of.within = append(of.within, id)
	}
}

// apply adds what an event changes.
func (b *batch) apply(nouns map[string]*Noun, e Event) error {
	word, _, _ := strings.Cut(e.Type, ".")
	n := nouns[word]
	if n == nil || e.Data[word] == nil {
		return nil
	}
	r, err := n.rowOf(e.Data[word])
	if err != nil {
		return err
	}
	if strings.HasSuffix(e.Type, ".deleted") || e.Type == parley.ContactErased.Name() {
		b.remove(n, r.id)
		return nil
	}
	b.put(n, r)
	t, ok := touches()[e.Type]
	if !ok {
		return nil
	}
	for _, other := range nouns {
		if other.Name == t.noun {
			touched, err := t.row(r)
			if err != nil {
				return err
			}
			return b.touch(other, touched)
		}
	}
	return nil
}

// row is what becomes of the object that the event's own object touches.
func (t touch) row(by row) (row, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(by.object, &members); err != nil {
		return row{}, fmt.Errorf("read an event's object: %w", err)
	}
	out := row{sequence: by.sequence}
	if err := json.Unmarshal(members[t.id], &out.id); err != nil {
		return row{}, fmt.Errorf("read an event's object: %w", err)
	}
	set := map[string]json.RawMessage{"id": members[t.id]}
	for column, member := range t.set {
		set[column] = members[member]
	}
	var err error
	out.object, err = json.Marshal(set)
	return out, err
}
