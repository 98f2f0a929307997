package mirror

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"parley"
	"parley/internal/spelling"
)

// Options say what is mirrored, and to where.
type Options struct {
	Source Source
	To     string   // postgres://…, sqlite:FILE or jsonl:FOLDER
	Prefix string   // of the names of tables or files
	Except []string // nouns that are left out

	// Once ends the mirror when it has caught up with where the log was when it began
	// to follow.
	Once bool

	// Tell is told how it goes, often: it must not take long.
	Tell func(Progress)
	// Note is told what a person should know, in a sentence.
	Note func(string)
}

// Progress is how far the mirror is.
type Progress struct {
	Step     string `json:"step"`     // recording, copying, comparing, rereading or following
	Noun     string `json:"noun"`     // that is copied or compared, else ""
	Place    int64  `json:"place"`    // in the log: of the last event, or of the last change that was copied
	Head     int64  `json:"head"`     // of the log, as last asked
	Rows     int64  `json:"rows"`     // written in this step, since the program began it
	CaughtUp bool   `json:"caughtup"` // while following: everything up to Head is in the target
}

// The steps of a mirror.
const (
	Recording = "recording"
	Copying   = "copying"
	Comparing = "comparing"
	Rereading = "rereading"
	Following = "following"
)

// mirror is one run.
type mirror struct {
	Options
	source Source
	target target
	nouns  []*Noun
	byWord map[string]*Noun // by their words in types of event
	state  *state           // as committed
	tell   Progress
}

const (
	pauseFirst = 250 * time.Millisecond
	pauseMost  = 10 * time.Second
)

// errAgain says that what is to be done next has to be seen anew.
var errAgain = errors.New("begin again")

// Run mirrors until ctx ends, which is no error, or with Once until it has caught up.
// A target that is away for a while is waited for. Whatever ends it, it can be run
// again and goes on where it was.
func Run(ctx context.Context, o Options) error {
	m, err := newMirror(o)
	if err != nil {
		return err
	}
	for pause := pauseFirst; ; {
		before := m.state
		err := m.pass(ctx)
		if m.state != before {
			pause = pauseFirst
		}
		switch {
		case ctx.Err() != nil:
			return m.close()
		case errors.Is(err, errAgain):
			continue
		case parley.KindOf(err) != parley.Unavailable && parley.KindOf(err) != parley.InsufficientSpace:
			return errors.Join(err, m.close())
		}
		m.Note(fmt.Sprintf("%v; trying again in %v.", err, pause.Round(10*time.Millisecond)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, pauseMost) - rand.N(pause/4)
	}
}

func newMirror(o Options) (*mirror, error) {
	if o.Tell == nil {
		o.Tell = func(Progress) {}
	}
	if o.Note == nil {
		o.Note = func(string) {}
	}
	m := &mirror{Options: o, source: o.Source, byWord: map[string]*Noun{}}
	all := Nouns()
	for _, name := range o.Except {
		if !slices.Contains(names(all), name) {
			return nil, fmt.Errorf("--except: there is no %q%s", name, spelling.DidYouMean(name, names(all)))
		}
	}
	except := func(n *Noun) bool { // parts of what is left out are too: nobody would notice when they go
		return slices.Contains(o.Except, n.Name) || n.parent != nil && slices.Contains(o.Except, n.parent.Name)
	}
	m.nouns = slices.DeleteFunc(all, except)
	for _, n := range m.nouns {
		n.parts = slices.DeleteFunc(n.parts, except)
		m.byWord[n.event] = n
	}
	return m, nil
}

func names(nouns []*Noun) []string {
	var names []string
	for _, n := range nouns {
		names = append(names, n.Name)
	}
	return names
}

func (m *mirror) close() error {
	if m.target == nil {
		return nil
	}
	return m.target.close()
}

// pass brings the target from where it is to the end, or as far as it gets.
func (m *mirror) pass(ctx context.Context) error {
	if err := m.load(ctx); err != nil {
		return err
	}
	if m.state.Cursor < m.state.RecordUntil {
		if err := m.follow(ctx, m.state.RecordUntil); err != nil {
			return err
		}
	}
	for _, n := range m.nouns {
		for m.state.Nouns[n.Name].Walk != nil {
			if err := m.walk(ctx, n); err != nil {
				return err
			}
		}
	}
	if err := m.reread(ctx); err != nil {
		return err
	}
	until := int64(0)
	if m.Once {
		head, err := m.head(ctx)
		if err != nil {
			return err
		}
		until = head
	}
	return m.follow(ctx, until)
}

// load sees how far the target is, and what there is to be done.
func (m *mirror) load(ctx context.Context) (err error) {
	if m.target == nil {
		if m.target, err = open(ctx, m.To, m.Prefix); err != nil {
			return err
		}
	}
	s, err := m.target.load(ctx, m.nouns)
	if err != nil {
		return err
	}
	if err := m.known(ctx, s); err != nil {
		return err
	}
	m.admit(s)
	return m.commit(ctx, &batch{}, s)
}

// admit gives a walk to every noun that is new, or has columns that it had not, and
// forgets those that are left out: they are new if they come back.
func (m *mirror) admit(s *state) {
	known := s.Nouns
	s.Nouns = map[string]*nounState{}
	for _, n := range m.nouns {
		var columns []string
		for _, c := range n.Columns {
			columns = append(columns, c.Name)
		}
		old, ok := known[n.Name]
		if !ok {
			old = &nounState{Walk: &walk{Fresh: true}}
		} else if lacks(old.Columns, columns) {
			again := walk{}
			if w := old.Walk; w != nil {
				again = walk{Fresh: w.Fresh, Stock: w.Stock, Compare: w.Compare}
			}
			old.Walk = &again
		}
		s.Nouns[n.Name] = &nounState{Columns: columns, Walk: old.Walk}
	}
}

func lacks(has, wanted []string) bool {
	return slices.ContainsFunc(wanted, func(name string) bool { return !slices.Contains(has, name) })
}

// commit writes a batch and the state it leads to.
func (m *mirror) commit(ctx context.Context, b *batch, s *state) error {
	if err := m.target.commit(ctx, b, s); err != nil {
		return err
	}
	m.state = s
	return nil
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
