package database_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

// The benchmark writes events of about 600 bytes from 64 goroutines for 16
// organizations, by ones and by hundreds, on disks that are synced.
const (
	benchWriters = 64
	benchOrgs    = 16
)

func BenchmarkWrite(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) *database.DB
	}{
		{"sqlite", dbtest.SQLite},
		{"postgres", durablePostgres},
	} {
		for _, size := range []int{1, 100} {
			b.Run(fmt.Sprintf("%s/%d", engine.name, size), func(b *testing.B) {
				alone := engine.open(b)
				alone.WithoutGroupCommit()
				prepare(b, alone)
				without := writeEvents(b, alone, size, min(b.N, 2000))

				db := engine.open(b)
				prepare(b, db)
				b.ReportAllocs()
				b.ResetTimer()
				rate := writeEvents(b, db, size, b.N)
				b.ReportMetric(rate, "events/s")
				b.ReportMetric(rate/without, "x-alone")
			})
		}
	}
}

func durablePostgres(t testing.TB) *database.DB {
	server := dbtest.StartDurablePostgres(t)
	return dbtest.Open(t, database.Config{URL: server.URL("postgres")})
}

func prepare(b *testing.B, db *database.DB) {
	exec(b, db, `
		create table bench_events (
			org_id     text   not null,
			seq        bigint not null,
			id         text   not null,
			type       text   not null,
			key        text   not null,
			created_at bigint not null,
			data       text   not null,
			primary key (org_id, seq)
		)`)
	for i := range benchOrgs {
		createOrganization(b, db, benchOrg(i))
	}
}

func benchOrg(i int) parley.OrganizationID {
	return parley.OrganizationID(fmt.Sprintf("org_%026d", i%benchOrgs))
}

var benchData = `{"conversation":{"id":"conv_00000000000000000000000000","subject":"` + strings.Repeat("x", 420) + `"}}`

// writeEvents makes n writes of size events each and tells the events per second.
func writeEvents(b *testing.B, db *database.DB, size, n int) float64 {
	const insert = `
		insert into bench_events (org_id, seq, id, type, key, created_at, data)
		values ($1, $2, $3, $4, $5, $6, $7)`
	var (
		next atomic.Int64
		all  sync.WaitGroup
	)
	began := time.Now()
	for w := range benchWriters {
		all.Go(func() {
			for next.Add(1) <= int64(n) {
				org := benchOrg(w)
				err := db.Write(context.Background(), org, func(ctx context.Context, tx *database.Tx) error {
					for range size {
						seq, err := tx.NextSequence(ctx)
						if err != nil {
							return err
						}
						tx.Queue(ctx, insert, org, seq, "evt_00000000000000000000000000", "conversation.updated",
							"conv_00000000000000000000000000", int64(1_700_000_000_000), benchData)
					}
					return nil
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(n*size) / time.Since(began).Seconds()
}

// BenchmarkRead reads one row by its key, as a request would: with a context that
// can be cancelled.
func BenchmarkRead(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) *database.DB
	}{
		{"sqlite", dbtest.SQLite},
		{"postgres", dbtest.Postgres},
	} {
		b.Run(engine.name, func(b *testing.B) {
			db := engine.open(b)
			prepare(b, db)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				var name string
				for pb.Next() {
					err := db.Read().QueryRow(ctx, `select name from organizations where id = $1`, benchOrg(1)).Scan(&name)
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}
