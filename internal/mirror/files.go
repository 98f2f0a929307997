package mirror

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// files are a target in a folder: a file for each noun and one for the events, to
// which lines are added. A line of a noun's file is an object with one member:
//
//	{"put":{…}}        the object is as it is given, unless its reader has it newer
//	{"touch":{…}}      these members of the object are as they are given, if its
//	                   sequence is less than theirs; others stay
//	{"delete":"id"}    there is no such object any more
//	{"delete_in":"id"} there are no parts of this object any more
//	{"clear":true}     forget all lines before
//
// How long each file is stands in cursor.json, which is replaced as a whole: what
// was written beyond, by a mirror that died, is cut off.
type files struct {
	dir, prefix string
	nouns       []*Noun
	open        map[string]*os.File
	kept        record
}

// record is what cursor.json holds.
type record struct {
	Turn    int64            `json:"turn"`
	State   *state           `json:"state"`
	Lengths map[string]int64 `json:"lengths"`
}

func openFiles(dir, prefix string) (*files, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the target's folder: %w", err)
	}
	return &files{dir: dir, prefix: prefix, open: map[string]*os.File{}}, nil
}

func (f *files) compares() bool { return false }

func (f *files) close() error {
	var all error
	for name, file := range f.open {
		all = errors.Join(all, file.Close())
		delete(f.open, name)
	}
	return all
}

func (f *files) cursor() string { return filepath.Join(f.dir, f.prefix+"cursor.json") }

func (f *files) name(n *Noun) string { return f.prefix + n.Name + ".jsonl" }

// load implements target.
func (f *files) load(_ context.Context, nouns []*Noun) (*state, error) {
	f.nouns = nouns
	if err := f.close(); err != nil {
		return nil, fmt.Errorf("close the target's files: %w", err)
	}
	kept, err := f.read()
	if err != nil {
		return nil, err
	}
	f.kept = kept
	for _, n := range append([]*Noun{eventsTable()}, nouns...) {
		if err := f.cut(f.name(n)); err != nil {
			return nil, err
		}
	}
	return kept.State.clone(), nil
}

// read gives what cursor.json says.
func (f *files) read() (record, error) {
	r := record{State: &state{}, Lengths: map[string]int64{}}
	text, err := os.ReadFile(f.cursor())
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return r, fmt.Errorf("read how far the target is: %w", err)
	}
	return r, nil
}

// cut opens a file and takes away what was not committed.
func (f *files) cut(name string) error {
	file, err := os.OpenFile(filepath.Join(f.dir, name), os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return fmt.Errorf("open a file of the target: %w", err)
	}
	f.open[name] = file
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("look at %s: %w", name, err)
	}
	length, ours := f.kept.Lengths[name]
	if !ours && info.Size() > 0 {
		return fmt.Errorf("there is a file %s that no mirror has made: name another folder, or begin the names with something else (--prefix)", name)
	}
	f.kept.Lengths[name] = length
	if info.Size() < length {
		return fmt.Errorf("%s has %d bytes and should have %d: give the mirror a new folder", name, info.Size(), length)
	}
	if err := file.Truncate(length); err != nil {
		return fmt.Errorf("cut %s: %w", name, err)
	}
	return nil
}

// commit implements target.
func (f *files) commit(ctx context.Context, b *batch, s *state) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	before, err := f.read()
	if err != nil {
		return err
	}
	if before.Turn != f.kept.Turn {
		return errTaken
	}
	next := record{Turn: f.kept.Turn + 1, State: s, Lengths: map[string]int64{}}
	for name, length := range f.kept.Lengths {
		next.Lengths[name] = length
	}
	for _, c := range b.changes {
		if err := f.add(next.Lengths, f.name(c.noun), c.lines()); err != nil {
			return err
		}
	}
	if err := f.add(next.Lengths, f.name(eventsTable()), logLines(b.events)); err != nil {
		return err
	}
	if err := f.replace(next); err != nil {
		return fmt.Errorf("write how far the target is: %w", err)
	}
	f.kept = next
	return nil
}

// add writes lines at the end of what a file is to have, and waits for the disk.
func (f *files) add(lengths map[string]int64, name string, lines []byte) error {
	if len(lines) == 0 {
		return nil
	}
	if _, err := f.open[name].WriteAt(lines, lengths[name]); err != nil {
		return fmt.Errorf("write to %s: %w", name, err)
	}
	if err := f.open[name].Sync(); err != nil {
		return fmt.Errorf("write to %s: %w", name, err)
	}
	lengths[name] += int64(len(lines))
	return nil
}

// replace writes cursor.json so that it is the old or the new one, whatever happens.
func (f *files) replace(r record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	draft := f.cursor() + ".new"
	file, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(draft, f.cursor()); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // which has no such thing as waiting for a folder
		return nil
	}
	folder, err := os.Open(f.dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// lines are changes as a noun's file has them.
func (c *changes) lines() []byte {
	var b bytes.Buffer
	line := func(member string, value []byte) {
		fmt.Fprintf(&b, `{"%s":%s}`+"\n", member, value)
	}
	if c.clear {
		line("clear", []byte("true"))
	}
	for _, r := range c.puts {
		line("put", r.object)
	}
	for _, r := range c.touches {
		line("touch", r.object)
	}
	for _, id := range c.deletes {
		line("delete", []byte(encoded(id)))
	}
	for _, id := range c.within {
		line("delete_in", []byte(encoded(id)))
	}
	return b.Bytes()
}

func logLines(events []json.RawMessage) []byte {
	var b bytes.Buffer
	for _, e := range events {
		b.Write(e)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
