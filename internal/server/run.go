package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"time"
)

// patience is how long requests in flight may take to finish once the server stops.
const patience = 10 * time.Second

// How much garbage may lie about before it is collected, in percent of what is in
// use, and from how much memory on less. A server that serves mostly makes garbage:
// collecting it less often saves a good part of the processors' time.
const (
	garbage     = 400
	memoryLimit = 1 << 30
)

// tune sets how memory is collected, unless the operator has (GOGC, GOMEMLIMIT).
func tune() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// Run serves until ctx ends, or until a part fails, which stops the others. It
// returns when everything has come to rest and the database is closed: nil if it
// was asked to stop and nothing was cut off. It may be called once.
func (s *Server) Run(ctx context.Context) error {
	tune()
	failed := make(chan error, 16) // one place for each loop: none ever waits
	start := func(name string, run func(context.Context) error) *loop { return begin(name, run, failed) }

	parts := parts{
		log:       start("log", s.log.Run),
		engine:    start("webhook", s.engine.Run),
		snoozes:   start("snoozes", func(ctx context.Context) error { return s.conversations.RunSnoozes(ctx, s.logger) }),
		erasures:  start("erasures", func(ctx context.Context) error { return s.contacts.RunErasures(ctx, s.attachments, s.logger) }),
		cleaning:  start("cleaning", func(ctx context.Context) error { return s.api.RunCleaning(ctx, s.logger) }),
		retention: start("retention", func(ctx context.Context) error { return s.log.RunRetention(ctx, s.config.RetentionDays) }),
		sweep:     start("sweep", s.attachments.RunSweep),
		limits:    start("limits", s.limiter.Run),
		byEmail:   start("limits by email", s.byEmail.Run),
		byAddress: start("limits by address", s.byAddress.Run),
		sessions:  start("sessions", s.sessions.Run),
		hub:       start("hub", s.hub.Run),
		tally:     start("tally", s.tally.Run),
		http:      start("http", s.serve),
	}
	s.logger.Info("server.listening", "addr", s.Addr(), "url", s.URL(), "database", s.db.Engine(), "version", s.config.Version)

	var failure error
	select {
	case <-ctx.Done():
	case failure = <-failed:
	}
	s.logger.Info("server.stopping")
	err := errors.Join(failure, s.stop(parts))
	s.logger.Info("server.stopped")
	return err
}

// parts are the loops of a running server.
type parts struct {
	log, engine, snoozes, erasures, cleaning, retention, sweep, limits, byEmail, byAddress, sessions, hub, tally, http *loop
}

// stop ends everything in the order in which work flows through the house, so that
// each part can still hand on what it holds.
func (s *Server) stop(p parts) error {
	// The doors: nobody new comes in, streams end, requests in flight are answered.
	close(s.stopping)
	cutOff := s.shutdown()
	p.http.stop()
	p.limits.stop()
	p.byEmail.stop()
	p.byAddress.stop()
	p.sessions.stop()
	p.hub.stop()
	p.tally.stop()

	// The followers and what else acts by itself: deliveries in flight end and are
	// recorded. They read the log, so it goes last.
	p.engine.stop()
	p.snoozes.stop()
	p.erasures.stop()
	p.cleaning.stop()
	p.retention.stop()
	p.sweep.stop()
	p.log.stop()

	// What requests left to be done in the background.
	s.account.Wait()
	s.client.Close()
	s.sandbox.Close()

	// The ground.
	return errors.Join(cutOff, s.db.Close(), s.closeFiles(), s.unlock())
}

// serve is the loop of the HTTP server; shutdown ends it.
func (s *Server) serve(context.Context) error {
	err := s.http.Serve(s.listener)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// shutdown lets requests in flight finish, and cuts off those that take too long.
func (s *Server) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off that took over %v to finish: %w", patience, err), s.http.Close())
	}
	return nil
}

// loop is a part that runs until it is stopped.
type loop struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// begin runs a loop. One that ends by itself is told to failed.
func begin(name string, run func(context.Context) error, failed chan<- error) *loop {
	ctx, cancel := context.WithCancel(context.Background())
	l := &loop{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(l.done)
		err := run(ctx)
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return // as it was told
		}
		if err != nil {
			failed <- fmt.Errorf("%s: %w", name, err)
		}
	}()
	return l
}

// stop tells the loop to end and waits until it has.
func (l *loop) stop() {
	l.cancel()
	<-l.done
}
