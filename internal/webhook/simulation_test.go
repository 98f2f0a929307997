package webhook_test

import (
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The simulation: from a seed follow organizations, endpoints, receivers of every
// temper, what is published, what is asked for, and when the process dies. A run
// knows what it was promised (simulation_model_test.go) and compares that with what
// the receivers saw and with what the database says at the end.
//
// What happens follows from the seed. In which order goroutines of one virtual
// moment run does not, so a seed that failed once may need -count to fail again.
var (
	simSeed  = flag.Int64("seed", -1, "run the simulation of this seed only")
	simSeeds = flag.Int("seeds", 0, "how many seeds to simulate; 0: a few, and a sample of the commit points")
	simDieAt = flag.Int("die-at", 0, "have the scenario of every commit point die at this commit only")
	simFirst = flag.Uint64("first", 0, "the first of those seeds")
)

// fewSeeds and sampledPoints are what a run of all tests can afford.
const (
	fewSeeds      = 25
	veryFewSeeds  = 6
	sampledPoints = 6
	simWorkers    = 2
	enoughFailed  = 5
)

func TestSimulation(t *testing.T) {
	t.Parallel()
	if *simSeed >= 0 {
		t.Run(fmt.Sprint("seed=", *simSeed), func(t *testing.T) { simulate(t, plan{seed: uint64(*simSeed)}) })
		return
	}
	seeds := fewSeeds
	if testing.Short() {
		seeds = veryFewSeeds
	}
	if *simSeeds > 0 {
		seeds = *simSeeds
	}
	var taken, ended, failed atomic.Int64
	defer reportProgress(seeds, &ended, &failed)()
	inParallel(t, func(t *testing.T) {
		for failed.Load() < enoughFailed {
			n := taken.Add(1) - 1
			if n >= int64(seeds) {
				return
			}
			seed := *simFirst + uint64(n)
			if !t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { simulate(t, plan{seed: seed}) }) {
				failed.Add(1)
			}
			ended.Add(1)
		}
	})
}

// TestEveryCommitPoint runs one scenario again and again: the process dies at its
// first commit, at its second, and so on until there are none left. With -seeds it
// does so at each, without at a sample of them.
func TestEveryCommitPoint(t *testing.T) {
	t.Parallel()
	if *simSeed >= 0 {
		return // another test was asked for
	}
	step := int64(1)
	if *simDieAt > 0 {
		for _, before := range []bool{true, false} {
			t.Run(fmt.Sprintf("k=%d,before=%v", *simDieAt, before), func(t *testing.T) {
				simulate(t, plan{seed: scenarioSeed, steps: scenarioSteps, dieAt: *simDieAt, before: before, calm: true})
			})
		}
		return
	}
	if *simSeeds == 0 {
		step = scenarioCommits / sampledPoints
	}
	var taken, failed atomic.Int64
	var over atomic.Bool
	inParallel(t, func(t *testing.T) {
		for !over.Load() && failed.Load() < enoughFailed {
			n := taken.Add(1) - 1
			p := plan{seed: scenarioSeed, steps: scenarioSteps, dieAt: int(1 + n/2*step), before: n%2 == 0, calm: true}
			survived := false
			if !t.Run(fmt.Sprintf("k=%d,before=%v", p.dieAt, p.before), func(t *testing.T) { survived = simulate(t, p) }) {
				failed.Add(1)
			}
			if survived {
				over.Store(true)
			}
		}
	})
}

// The scenario of every commit point, and about how many commits it has.
const (
	scenarioSeed    = 17
	scenarioSteps   = 60
	scenarioCommits = 120
)

// inParallel runs body as several parallel tests, and returns when all have ended.
func inParallel(t *testing.T, body func(t *testing.T)) {
	t.Run("all", func(t *testing.T) {
		for worker := range simWorkers {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				body(t)
			})
		}
	})
}

// simulate makes one run, and tells whether the process lived through it although it
// was to die at a commit.
func simulate(t *testing.T, p plan) (survived bool) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, p)
		defer w.tell()
		w.live()
		w.comeToRest()
		w.check()
		survived = p.dieAt > 0 && len(w.deaths) == 0
		if survived {
			t.Logf("it has %d commits", w.commits)
		}
	})
	return survived
}

// reportProgress tells every few seconds how far a long simulation has come, until
// the function that it gives is called.
func reportProgress(seeds int, ended, failed *atomic.Int64) func() {
	if *simSeeds == 0 {
		return func() {}
	}
	tick := time.NewTicker(5 * time.Second)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-tick.C:
				fmt.Fprintf(os.Stderr, "%d of %d seeds, %d failed\n", ended.Load(), seeds, failed.Load())
			case <-done:
				return
			}
		}
	}()
	return func() { tick.Stop(); close(done) }
}
