package webhook

import (
	"math/rand/v2"
	"time"

	"parley"
)

// The delays before each retry, by preset.
var (
	standardDelays = []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
	shortDelays = []time.Duration{5 * time.Second, 25 * time.Second, 125 * time.Second}
)

// delays are the waits before each retry of a delivery that fails.
func delays(r parley.Retry) []time.Duration {
	switch r.Preset {
	case "short":
		return shortDelays
	case "custom":
		ds := make([]time.Duration, len(r.Delays))
		for i, s := range r.Delays {
			ds[i] = time.Duration(s) * time.Second
		}
		return ds
	}
	return standardDelays
}

// jitter spreads waits that began together: up to a tenth more.
func jitter(d time.Duration) time.Duration {
	return d + time.Duration(rand.Float64()*float64(d)/10)
}
