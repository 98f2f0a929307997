package mirror

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/internal/database"
)

// table is one noun's table and its statements. Each takes all its rows as one JSON
// array, which both engines read by themselves.
type table struct {
	engine database.Engine
	noun   *Noun
	name   string // quoted

	create                      []string
	insert, put, delete, within string
	rewrite                     string // of events only
}

func newTable(engine database.Engine, prefix string, n *Noun) *table {
	t := &table{engine: engine, noun: n, name: quoted(prefix + n.Name)}
	var declared, names, taken, updated []string
	for _, c := range n.Columns {
		declared = append(declared, t.declare(c))
		names = append(names, quoted(c.Name))
		taken = append(taken, "r."+quoted(c.Name))
		if c.Name != "id" {
			updated = append(updated, quoted(c.Name)+" = excluded."+quoted(c.Name))
		}
	}
	t.create = append(t.create, "create table if not exists "+t.name+" (\n\t"+strings.Join(declared, ",\n\t")+"\n)")
	if parent := n.parentColumn(); parent != "" {
		t.create = append(t.create, "create index if not exists "+quoted(prefix+n.Name+"_by_"+parent)+" on "+t.name+" ("+quoted(parent)+")")
		t.within = "delete from " + t.name + " where " + quoted(parent) + " in " + t.ids()
	}
	if n.event == "event" {
		t.create = append(t.create, "create unique index if not exists "+quoted(prefix+n.Name+"_by_sequence")+" on "+t.name+" (sequence)")
		data := n.Columns[slices.IndexFunc(n.Columns, func(c Column) bool { return c.Name == "data" }):][:1]
		t.rewrite = "update " + t.name + " as t set data = r.data\nfrom " + t.rows(append([]Column{{Name: "id", Kind: Text}}, data...)) +
			"\nwhere t.id = r.id and t.data is distinct from r.data"
	}
	t.insert = "insert into " + t.name + " (" + strings.Join(names, ", ") + ")\nselect " + strings.Join(taken, ", ") + "\nfrom " + t.rows(n.Columns) + " where true"
	t.put = t.insert + "\non conflict (id) do update set " + strings.Join(updated, ", ") + "\nwhere " + t.name + ".sequence <= excluded.sequence"
	t.delete = "delete from " + t.name + " where id in " + t.ids()
	return t
}

// write makes the changes of the table's noun.
func (t *table) write(w *writing, all *tables, c *changes) {
	if c.clear {
		w.run("delete from " + t.name)
	}
	if len(c.puts) > 0 {
		w.run(t.put, array(c.puts))
	}
	if len(c.touches) > 0 {
		w.run(t.touch(c.touches[0]), array(c.touches))
	}
	if len(c.deletes) > 0 {
		w.run(t.delete, encoded(c.deletes))
	}
	if len(c.within) > 0 {
		w.run(t.within, encoded(c.within))
	}
	for _, s := range c.spans {
		t.compare(w, all, s)
	}
}

// touch is the statement that changes the members that a row has.
func (t *table) touch(r row) string {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(r.object, &members) // it was made here
	var columns []Column
	var set []string
	for _, c := range t.noun.Columns {
		if _, ok := members[c.Name]; !ok {
			continue
		}
		columns = append(columns, c)
		if c.Name != "id" {
			set = append(set, quoted(c.Name)+" = r."+quoted(c.Name))
		}
	}
	return "update " + t.name + " as t set " + strings.Join(set, ", ") +
		"\nfrom " + t.rows(columns) + "\nwhere t.id = r.id and t.sequence < r.sequence"
}

// compare deletes what lies in a span and is not to be kept, with its parts.
func (t *table) compare(w *writing, all *tables, s span) {
	where := "id not in " + t.ids()
	args := []any{encoded(s.keep)}
	and := func(condition, value string) {
		if value != "" {
			args = append(args, value)
			where += fmt.Sprintf(" and "+condition+" $%d", len(args))
		}
	}
	if s.keep == nil {
		args[0] = "[]"
	}
	and("id <", s.below)
	and("id >=", s.from)
	and(quoted(t.noun.parentColumn())+" =", s.parent)
	for _, part := range t.noun.parts {
		of := all.of[part]
		w.run("delete from "+of.name+" where "+quoted(part.parentColumn())+" in (select id from "+t.name+" where "+where+")", args...)
	}
	w.run("delete from "+t.name+" where "+where, args...)
}

// rows is what a statement reads its rows from: the members of the objects in the
// array that it is given.
func (t *table) rows(columns []Column) string {
	var parts []string
	for _, c := range columns {
		name := quoted(c.Name)
		switch {
		case t.engine == database.Postgres:
			parts = append(parts, name+" "+t.typeOf(c))
		case c.Kind == JSON:
			parts = append(parts, "nullif(value -> '$."+c.Name+"', 'null') as "+name)
		default:
			parts = append(parts, "value ->> '$."+c.Name+"' as "+name)
		}
	}
	list := strings.Join(parts, ", ")
	if t.engine == database.Postgres {
		return "jsonb_to_recordset($1::jsonb) as r (" + list + ")"
	}
	return "(select " + list + " from json_each($1)) as r"
}

// ids is a list of ids, which a statement is given as an array.
func (t *table) ids() string {
	if t.engine == database.Postgres {
		return "(select jsonb_array_elements_text($1::jsonb))"
	}
	return "(select value from json_each($1))"
}

// declare is a column as the table declares it.
func (t *table) declare(c Column) string {
	text := quoted(c.Name) + " " + t.typeOf(c)
	if c.Name == "id" {
		if t.engine == database.Postgres {
			text += ` collate "C"` // ids sort by their bytes
		}
		text += " not null primary key"
	}
	return text
}

// typeOf is the type of a column. SQLite has none for times and JSON: both are text.
func (t *table) typeOf(c Column) string {
	if t.engine == database.Postgres {
		return [...]string{Text: "text", Integer: "bigint", Number: "double precision", Boolean: "boolean", Time: "timestamptz", JSON: "jsonb"}[c.Kind]
	}
	return [...]string{Text: "text", Integer: "integer", Number: "real", Boolean: "boolean", Time: "text", JSON: "text"}[c.Kind]
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// array is rows as one JSON array.
func array(rows []row) string {
	var b strings.Builder
	for i, r := range rows {
		b.WriteString("[,"[min(i, 1) : min(i, 1)+1])
		b.Write(r.object)
	}
	b.WriteByte(']')
	return b.String()
}
