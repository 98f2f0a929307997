package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/pprof"

	"parley/internal/outbound"
	"parley/internal/server"
)

// serverOrder is the first that a server is told: where its data is.
type serverOrder struct {
	Data        string `json:"data"`
	DatabaseURL string `json:"database_url"`
	Version     string `json:"version"`
}

// childAddress is the answer: where the child is reached.
type childAddress struct {
	URL string `json:"url"`
}

// profileOrder has a server write a profile of the CPU until it gets another. The
// empty file ends it.
type profileOrder struct {
	CPU  string `json:"cpu"`
	Heap string `json:"heap"` // a profile of the memory in use, now
}

// serve is a Parley as `parley serve` runs it, that logs warnings only, has no rate
// limit and may deliver to this machine.
func serve(ctx context.Context, orders *json.Decoder, answers *json.Encoder, log io.Writer) error {
	var order serverOrder
	if err := orders.Decode(&order); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	s, err := server.New(ctx, server.Config{
		Addr: "127.0.0.1:0", Data: order.Data, DatabaseURL: order.DatabaseURL, Version: order.Version,
		Policy: outbound.Policy{AllowHosts: []string{"127.0.0.1"}},
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	if err := answers.Encode(childAddress{s.URL()}); err != nil {
		return errors.Join(err, s.Close())
	}
	p := &profiler{}
	ctx, cancel := untilInputEnds(ctx, orders, func(ctx context.Context, o profileOrder) error {
		if err := p.obey(o); err != nil {
			return err
		}
		return answers.Encode(struct{}{})
	})
	defer cancel(nil)
	return errors.Join(s.Run(ctx), p.end(), whyEnded(ctx))
}

// profiler writes profiles of the process.
type profiler struct{ cpu *os.File }

func (p *profiler) obey(o profileOrder) error {
	if err := p.end(); err != nil {
		return err
	}
	if o.Heap != "" {
		return writeHeap(o.Heap)
	}
	if o.CPU == "" {
		return nil
	}
	file, err := os.Create(o.CPU)
	if err != nil {
		return err
	}
	p.cpu = file
	return pprof.StartCPUProfile(file)
}

// end finishes the profile that is being written, if there is one.
func (p *profiler) end() error {
	if p.cpu == nil {
		return nil
	}
	pprof.StopCPUProfile()
	file := p.cpu
	p.cpu = nil
	return file.Close()
}

func writeHeap(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("heap").WriteTo(file, 0), file.Close())
}
