package bench

import "time"

// usage is what a process has used: CPU since its start, and memory that is
// resident now. Only Linux tells.
type usage struct {
	known    bool
	cpu      time.Duration
	resident int64 // bytes
	own      int64 // of them, those that are no pages of files, such as the program's
}

const mebibyte = 1 << 20

// atRest is what a process uses while nothing is asked of it; nil is not known.
type atRest struct {
	cores         *float64
	resident, own *float64 // MiB
}

// restOf is what a process has used between two moments, and holds at the second.
func restOf(before, after usage, took time.Duration) atRest {
	if !before.known || !after.known {
		return atRest{}
	}
	return atRest{
		cores:    new((after.cpu - before.cpu).Seconds() / took.Seconds()),
		resident: new(float64(after.resident) / mebibyte),
		own:      new(float64(after.own) / mebibyte),
	}
}

// more is by how much a value has grown, nil if that is not known.
func more(before, after *float64) *float64 {
	if before == nil || after == nil {
		return nil
	}
	return new(*after - *before)
}
