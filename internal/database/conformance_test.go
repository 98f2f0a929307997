package database_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

var (
	ctx   = context.Background()
	acme  = parley.OrganizationID("org_acme")
	other = parley.OrganizationID("org_other")

	errRefused = errors.New("refused")
)

func TestConcurrentWritesOfEachOrganizationAreGapless(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		const writers, writes = 20, 10
		orgs := []parley.OrganizationID{acme, other, "org_third"}
		withLines(t, db, orgs...)
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range writes {
					org := orgs[(w+i)%len(orgs)]
					err := db.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
						return write(ctx, tx, org, fmt.Sprint(w, " ", i))
					})
					if err != nil {
						t.Errorf("write: %v", err)
					}
				}
			})
		}
		all.Wait()
		total := 0
		for _, org := range orgs {
			total += len(lines(t, db, org))
		}
		if total != writers*writes {
			t.Errorf("%d lines were written, %d are there", writers*writes, total)
		}
	})
}

func TestWritesThatGatherSeeEachOther(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		g := gather(t, db, acme)
		for i := range 5 {
			g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
				var n int
				if err := tx.QueryRow(ctx, `select count(*) from lines where org_id = $1`, acme).Scan(&n); err != nil {
					return err
				}
				if n != i {
					return fmt.Errorf("write %d sees %d lines", i, n)
				}
				return write(ctx, tx, acme, fmt.Sprint("line ", n))
			})
		}
		if err := errors.Join(g.run()...); err != nil {
			t.Error(err)
		}
		wantLines(t, db, acme, "line 0", "line 1", "line 2", "line 3", "line 4")
	})
}

func TestFailingFunctionUndoesOnlyItself(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme, other)
		g := gather(t, db, acme)
		var after []string
		for i, text := range []string{"a", "b", "c", "d", "e"} {
			g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
				tx.AfterCommit(func() { after = append(after, text) })
				if err := write(ctx, tx, acme, text); err != nil {
					return err
				}
				if i%2 == 1 {
					return errRefused
				}
				return nil
			})
		}
		for i, err := range g.run() {
			if i%2 == 1 && !errors.Is(err, errRefused) || i%2 == 0 && err != nil {
				t.Errorf("write %d: %v", i, err)
			}
		}
		wantLines(t, db, acme, "a", "c", "e")
		if want := []string{"a", "c", "e"}; !slices.Equal(after, want) {
			t.Errorf("after the commit ran %q, want %q", after, want)
		}
	})
}

func TestRepeatedKeyFailsOnlyTheWriteThatRepeatsIt(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		g := gather(t, db, acme)
		texts := []string{"a", "a", "b", "a", "c"}
		for _, text := range texts {
			g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, text) })
		}
		for i, err := range g.run() {
			if repeats := slices.Index(texts, texts[i]) < i; repeats != database.IsUnique(err) || !repeats && err != nil {
				t.Errorf("write %d of %q: %v", i, texts[i], err)
			}
		}
		wantLines(t, db, acme, "a", "b", "c")
	})
}

func TestFailedStatementFailsTheFunctionThatIgnoresIt(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			_ = write(ctx, tx, acme, "a")
			_ = write(ctx, tx, acme, "a")
			_ = write(ctx, tx, acme, "b")
			return nil
		})
		if !database.IsUnique(err) {
			t.Errorf("got %v, want the error of the statement", err)
		}
		wantLines(t, db, acme)
	})
}

func TestQueuedStatementFailsTheFunctionThatQueuedIt(t *testing.T) {
	t.Parallel()
	for name, later := range ways {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				withLines(t, db, acme)
				g := gather(t, db, acme)
				texts := []string{"a", "a", "b", "c"}
				for i, text := range texts {
					write := queueLine
					if i >= 2 {
						write = later // which may have sent what the first two queued
					}
					g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, text) })
				}
				for i, err := range g.run() {
					if i == 1 && !database.IsUnique(err) || i != 1 && err != nil {
						t.Errorf("write %d was answered %v", i, err)
					}
				}
				wantLines(t, db, acme, "a", "b", "c")
			})
		})
	}
}

func TestQueuedStatementFailsTheFunctionAroundAJoinedOne(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		g := gather(t, db, acme)
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, "a") })
		g.write(ctx, acme, func(ctx context.Context, outer *database.Tx) error {
			if err := queueLine(ctx, outer, acme, "a"); err != nil {
				return err
			}
			_ = db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, "inside") })
			return nil
		})
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, "b") })
		errs := g.run()
		if errs[0] != nil || !database.IsUnique(errs[1]) || errs[2] != nil {
			t.Errorf("the writes were answered %v", errs)
		}
		wantLines(t, db, acme, "a", "b")
	})
}

func TestManyQueuedStatementsAreOneFunctions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		g := gather(t, db, acme)
		many := func(last error) func(context.Context, *database.Tx) error {
			return func(ctx context.Context, tx *database.Tx) error {
				for i := range 1000 {
					if err := queueLine(ctx, tx, acme, fmt.Sprint(i)); err != nil {
						return err
					}
				}
				return last
			}
		}
		g.write(ctx, acme, many(errRefused))
		g.write(ctx, acme, many(nil))
		g.write(ctx, acme, many(nil))
		errs := g.run()
		if !errors.Is(errs[0], errRefused) || errs[1] != nil || !database.IsUnique(errs[2]) {
			t.Errorf("the writes were answered %v", errs)
		}
		if n := len(lines(t, db, acme)); n != 1000 {
			t.Errorf("there are %d lines, want 1000", n)
		}
	})
}

func TestPanicIsAnErrorOfItsFunction(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		g := gather(t, db, acme)
		for _, text := range []string{"a", "b", "c"} {
			g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
				if err := write(ctx, tx, acme, text); err != nil {
					return err
				}
				if text == "b" {
					panic("at the disco")
				}
				return nil
			})
		}
		errs := g.run()
		if errs[0] != nil || errs[2] != nil || errs[1] == nil || parley.KindOf(errs[1]) != parley.Internal {
			t.Errorf("the writes were answered %v", errs)
		}
		if !strings.Contains(fmt.Sprint(errs[1]), "at the disco") {
			t.Errorf("the error %v does not keep its cause", errs[1])
		}
		wantLines(t, db, acme, "a", "c")
	})
}

func TestLaneSurvivesAFunctionThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			if err := write(ctx, tx, acme, "a"); err != nil {
				return err
			}
			runtime.Goexit()
			return nil
		})
		if err == nil {
			t.Error("the write that ended the goroutine has succeeded")
		}
		err = db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, "b") })
		if err != nil {
			t.Errorf("the write after it: %v", err)
		}
		wantLines(t, db, acme, "b")
	})
}

func TestAfterCommitRunsInTheOrderOfSequences(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		var (
			all  sync.WaitGroup
			seqs []int64 // of the lane's goroutine until all have returned
		)
		for i := range 100 {
			all.Go(func() {
				returned := int64(0)
				err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
					seq, err := tx.NextSequence(ctx)
					tx.Queue(ctx, insertLine, acme, seq, fmt.Sprint(i))
					tx.AfterCommit(func() {
						seqs = append(seqs, seq)
						returned = seq
					})
					return err
				})
				if err != nil || returned == 0 {
					t.Errorf("write returned %v, after the commit %d", err, returned)
				}
			})
		}
		all.Wait()
		if len(seqs) != 100 || !slices.IsSorted(seqs) {
			t.Errorf("after the commits came the sequences %v", seqs)
		}
	})
}

func TestAfterCommitSeesWhatWasCommitted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		head := int64(0)
		err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			tx.AfterCommit(func() { head = storedHead(t, db, acme) })
			tx.AfterCommit(func() { panic("does no harm") })
			return queueLine(ctx, tx, acme, "a")
		})
		if err != nil || head != 1 {
			t.Errorf("after the commit the head was %d, error %v", head, err)
		}
	})
}

func TestSlowFunctionDoesNotHoldUpThoseBeforeIt(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		var happened []string
		noting := func(text string, takes time.Duration) func(context.Context, *database.Tx) error {
			return func(ctx context.Context, tx *database.Tx) error {
				happened = append(happened, text+" ran")
				tx.AfterCommit(func() { happened = append(happened, text+" committed") })
				for began := time.Now(); time.Since(began) < takes; {
					runtime.Gosched()
				}
				return write(ctx, tx, acme, text)
			}
		}
		g := gather(t, db, acme)
		g.write(ctx, acme, noting("a", 0))
		g.write(ctx, acme, noting("b", 50*time.Millisecond))
		g.write(ctx, acme, noting("c", 0))
		if err := errors.Join(g.run()...); err != nil {
			t.Error(err)
		}
		// Whether a and b are committed together depends on how quick the machine is.
		after := slices.Index(happened, "c ran")
		for _, text := range []string{"a ran", "a committed", "b ran", "b committed"} {
			if at := slices.Index(happened, text); at < 0 || at > after {
				t.Errorf("it happened that %q, want %q before what follows the slow one", happened, text)
			}
		}
		wantLines(t, db, acme, "a", "b", "c")
	})
}

func TestReadersDoNotWaitForAWriter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		wrote, release, result := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			result <- db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
				if err := execLine(ctx, tx, acme, "a"); err != nil {
					return err
				}
				close(wrote)
				<-release
				return nil
			})
		}()
		<-wrote
		wantLines(t, db, acme) // while the write is going on
		close(release)
		if err := <-result; err != nil {
			t.Error(err)
		}
		wantLines(t, db, acme, "a")
	})
}

func TestReadCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		var id string
		err := db.Read().QueryRow(ctx, `delete from organizations where id = $1 returning id`, acme).Scan(&id)
		if err == nil {
			t.Errorf("a read has deleted %s", id)
		}
		if storedHead(t, db, acme) != 0 {
			t.Error("the organization has changed")
		}
	})
}

func TestCancelEndsARead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, cancel := context.WithCancel(ctx)
		result := make(chan error)
		go func() {
			var n int64
			result <- db.Read().QueryRow(ctx, `
				with recursive counter (n) as (select 1 union all select n + 1 from counter where n < 2000000000)
				select count(*) from counter`).Scan(&n)
		}()
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWriteThatIsCancelledInTheQueueDoesNotRun(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		g := gather(t, db, acme)
		ctx, cancel := context.WithCancel(ctx)
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return execLine(ctx, tx, acme, "a") })
		cancel()
		if err := <-g.results[0]; !errors.Is(err, context.Canceled) {
			t.Errorf("the write was answered %v while it waited", err)
		}
		g.results = nil
		g.write(context.Background(), acme, func(ctx context.Context, tx *database.Tx) error { return execLine(ctx, tx, acme, "b") })
		if err := g.run()[0]; err != nil {
			t.Error(err)
		}
		wantLines(t, db, acme, "b")
	})
}

func TestWriteThatHasStartedIsNotCancelled(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		type key struct{}
		ctx, cancel := context.WithCancel(context.WithValue(ctx, key{}, "kept"))
		err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			cancel()
			if ctx.Err() != nil || ctx.Value(key{}) != "kept" {
				t.Errorf("the function's context says %v and has the value %v", ctx.Err(), ctx.Value(key{}))
			}
			return write(ctx, tx, acme, "a")
		})
		if err != nil {
			t.Error(err)
		}
		wantLines(t, db, acme, "a")
	})
}

func TestFunctionMayInsertItsOrganization(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db)
		g := gather(t, db, acme)
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			if head, err := tx.Head(ctx); err != nil || head != 0 {
				return fmt.Errorf("the head is %d: %w", head, err)
			}
			tx.Queue(ctx, insertOrganization, acme)
			return write(ctx, tx, acme, "a")
		})
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			if head, err := tx.Head(ctx); err != nil || head != 1 {
				return fmt.Errorf("the head is %d: %w", head, err)
			}
			return write(ctx, tx, acme, "b")
		})
		if err := errors.Join(g.run()...); err != nil {
			t.Error(err)
		}
		wantLines(t, db, acme, "a", "b")
	})
}

func TestSequenceOfNoOrganizationIsRefused(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		g := gather(t, db, other)
		g.write(ctx, other, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, other, "a") })
		if err := g.run()[0]; parley.KindOf(err) != parley.NotFound {
			t.Errorf("a sequence of no organization: %v", err)
		}
		err := db.Record(ctx, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, "b") })
		if err == nil {
			t.Error("a Record has taken a sequence")
		}
		var n int
		if err := db.Read().QueryRow(ctx, `select count(*) from lines`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d lines are there, error %v", n, err)
		}
	})
}

func TestTransactionIsOverWithItsFunction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		var (
			leaked        *database.Tx
			leakedContext context.Context
		)
		err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			leaked, leakedContext = tx, ctx
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if _, err := leaked.Exec(ctx, insertLine, acme, 1, "a"); err == nil {
			t.Error("Exec works after the end")
		}
		if err := leaked.QueryRow(ctx, `select 1`).Scan(&n); err == nil || !strings.Contains(err.Error(), "over") {
			t.Errorf("QueryRow after the end: %v", err)
		}
		err = db.Write(leakedContext, other, func(ctx context.Context, tx *database.Tx) error {
			tx.Queue(ctx, insertOrganization, other)
			return nil
		})
		if err != nil {
			t.Errorf("a write with a context of a transaction that is over: %v", err)
		}
	})
}

func TestOpenRowsAreInNobodysWay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme, other)
		g := gather(t, db, acme)
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Query(ctx, `select id from organizations`) //nolint:rowserrcheck,sqlclosecheck // leaving them open is what is tested
			return err
		})
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			rows, err := tx.Query(ctx, `select id from organizations order by id`) //nolint:rowserrcheck // leaving them open is what is tested
			if err != nil {
				return err
			}
			defer rows.Close()
			rows.Next()
			return execLine(ctx, tx, acme, "while rows are open")
		})
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			tx.QueryRow(ctx, `select id from organizations`) // and never scans it
			return nil
		})
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return execLine(ctx, tx, acme, "a") })
		errs := g.run()
		if errs[0] != nil || errs[1] == nil || !strings.Contains(errs[1].Error(), "rows") || errs[3] != nil {
			t.Errorf("the writes were answered %v", errs)
		}
		wantLines(t, db, acme, "a")
	})
}

func TestValuesComeBackAsTheyWereBound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		exec(t, db, `create table things (id bigint, org text, at bigint, name text, flag boolean, body bytea, ratio double precision)`)
		name := "Zoë"
		for i, null := range []bool{false, true} {
			var absent *string
			if !null {
				absent = &name
			}
			exec(t, db, `insert into things (id, org, at, name, flag, body, ratio) values ($1, $2, $3, $4, $5, $6, $7)`,
				i, acme, parley.Time(1_700_000_000_123), absent, true, []byte{0, 1, 255}, 0.25)
		}
		var (
			org   parley.OrganizationID
			at    parley.Time
			names [2]*string
			flag  bool
			body  []byte
			ratio float64
		)
		for i := range names {
			err := db.Read().QueryRow(ctx, `select org, at, name, flag, body, ratio from things where id = $1`, i).
				Scan(&org, &at, &names[i], &flag, &body, &ratio)
			if err != nil {
				t.Fatal(err)
			}
		}
		if org != acme || at != 1_700_000_000_123 || !flag || !slices.Equal(body, []byte{0, 1, 255}) || ratio != 0.25 {
			t.Errorf("got %v %v %v %v %v", org, at, flag, body, ratio)
		}
		if names[0] == nil || *names[0] != name || names[1] != nil {
			t.Errorf("got the names %v", names)
		}
	})
}

func TestManyDifferentStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme)
		for range 2 {
			for i := range 600 {
				var n int
				query := fmt.Sprintf(`select count(*) + %d from lines where org_id = $1`, i)
				if err := db.Read().QueryRow(ctx, query, acme).Scan(&n); err != nil || n != i {
					t.Fatalf("statement %d gave %d, error %v", i, n, err)
				}
			}
		}
	})
}
