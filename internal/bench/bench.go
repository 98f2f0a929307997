package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// Options say what to measure and where.
type Options struct {
	Scenarios   []string      // names of [Scenarios]; none: all
	Duration    time.Duration // how long each load goes on, more or less; 0: 6 s, or 1 s if Quick
	Quick       bool          // small loads
	Repeat      int           // how often each scenario runs; the figures are the median. 0: once
	DatabaseURL string        // of a PostgreSQL server, on which databases are made and dropped; empty: SQLite
	Keep        string        // the folder that data, logs and profiles are kept in; empty: nothing is kept
	Profile     bool          // write CPU and memory profiles of the servers to Keep
	Version     string        // of this program

	Progress io.Writer // where it is told what is being done
	Terminal bool      // whether bars can be drawn there
}

// run is a run of the bench.
type run struct {
	options  Options
	scale    scale
	progress *progress
	folder   string // of everything that is made
	million  *world // a stopped world with many events, made when it is first needed
	profiles int
}

// Run measures. A scenario that cannot be measured is among the report's failures
// and does not keep the others from being measured. Run returns an error if nothing
// can be measured at all or ctx ends.
func Run(ctx context.Context, o Options) (_ Report, err error) {
	chosen, err := choose(o.Scenarios)
	if err != nil {
		return Report{}, err
	}
	if o.Profile && o.Keep == "" {
		return Report{}, errors.New("profiles need a folder to be kept in: name one with --keep")
	}
	o.Repeat = max(o.Repeat, 1)
	r := &run{options: o, scale: scaleOf(o), progress: &progress{out: o.Progress, terminal: o.Terminal}}
	report := r.report()
	if err := r.makeFolder(); err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, r.cleanUp()) }()

	for i, s := range chosen {
		r.progress.begin(s.name, i+1, len(chosen))
		figures, err := r.repeat(ctx, s)
		if ctx.Err() != nil {
			r.progress.clear()
			return report, context.Cause(ctx)
		}
		r.progress.end(figures, err)
		if err != nil {
			report.Failed = append(report.Failed, Failure{s.name, err.Error()})
		}
		report.Figures = append(report.Figures, figures...)
	}
	report.Took = time.Since(report.StartedAt).Seconds()
	return report, nil
}

func (r *run) report() Report {
	report := Report{
		Version: r.options.Version, StartedAt: time.Now(), Quick: r.options.Quick, Repeat: r.options.Repeat, Database: "SQLite",
		Machine: Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Processor: processor(), Processors: runtime.NumCPU(), Go: runtime.Version()},
		Figures: []Figure{}, Failed: []Failure{},
	}
	if r.options.DatabaseURL != "" {
		report.Database = "PostgreSQL"
	}
	if load, known := machineLoad(); known {
		report.Machine.LoadBefore = &load
	}
	return report
}

// repeat measures a scenario as often as it is asked for and gives the median of
// each figure.
func (r *run) repeat(ctx context.Context, s scenario) (figures []Figure, err error) {
	var runs [][]Figure
	for range r.options.Repeat {
		measured, err := s.measure(ctx, r)
		if err != nil {
			return nil, err
		}
		runs = append(runs, measured)
	}
	for i := range runs[0] {
		var same []Figure
		for _, measured := range runs {
			same = append(same, measured[i])
		}
		f := middle(same)
		f.Scenario = s.name
		figures = append(figures, f)
	}
	return figures, nil
}

func (r *run) makeFolder() (err error) {
	if r.options.Keep == "" {
		r.folder, err = os.MkdirTemp("", "parley-bench-")
		return err
	}
	r.folder, err = filepath.Abs(r.options.Keep)
	if err != nil {
		return err
	}
	return os.MkdirAll(r.folder, 0o700)
}

// newFolder makes a folder of its own for a world or a child.
func (r *run) newFolder() (string, error) { return os.MkdirTemp(r.folder, r.progress.scenario+"-") }

// removeFolder removes a folder, unless it is to be kept.
func (r *run) removeFolder(dir string) error {
	if r.options.Keep != "" {
		return nil
	}
	return os.RemoveAll(dir)
}

func (r *run) cleanUp() error {
	var err error
	if r.million != nil {
		err = r.million.close()
	}
	return errors.Join(err, r.removeFolder(r.folder))
}

// scale is how large the loads are.
type scale struct {
	duration time.Duration // of a load
	rounds   int           // in which Parley and what it is compared with take turns
	waiting  int           // events for a dead endpoint, and in a large log
	held     int           // events for an endpoint that was down
	idle     int           // endpoints with nothing to do
	listed   int           // conversations in a long list
	settle   time.Duration // until a server is at rest
}

func scaleOf(o Options) scale {
	s := scale{duration: 6 * time.Second, rounds: 3, waiting: 1_000_000, held: 5000, idle: 10_000, listed: 1_000_000, settle: 10 * time.Second}
	if o.Quick {
		s = scale{duration: time.Second, rounds: 1, waiting: 50_000, held: 1000, idle: 2000, listed: 50_000, settle: time.Second}
	}
	if o.Duration > 0 {
		s.duration = o.Duration
	}
	return s
}

// choose finds scenarios by their names.
func choose(names []string) ([]scenario, error) {
	all := scenarios()
	if len(names) == 0 {
		return all, nil
	}
	var chosen []scenario
	for _, name := range names {
		at := slices.IndexFunc(all, func(s scenario) bool { return s.name == name })
		if at < 0 {
			return nil, fmt.Errorf("there is no scenario %q; there are: %s", name, Scenarios())
		}
		chosen = append(chosen, all[at])
	}
	return chosen, nil
}
