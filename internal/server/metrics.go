package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"parley/internal/web"
)

// traffic counts requests. Its labels are the routes that the program declares and
// HTTP's status codes: however many organizations there are and whatever strangers
// ask for, the number of series stays the same.
type traffic struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	open     prometheus.Gauge
}

func newTraffic() traffic {
	return traffic{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_http_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_http_request_duration_seconds", Help: "How long requests took, by route; streams are not counted.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "parley_http_requests_open", Help: "Requests being served now, streams included.",
		}),
	}
}

func (s *Server) newMetrics() *prometheus.Registry {
	s.traffic = newTraffic()
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		s.traffic.requests, s.traffic.duration, s.traffic.open,
		newFigures(s), newEndpointFigures(s.engine),
	)
	version := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "parley_info", Help: "What runs here; always 1.",
		ConstLabels: prometheus.Labels{"version": s.config.Version, "database": s.db.Engine().String()},
	})
	version.Set(1)
	registry.MustRegister(version)
	return registry
}

// measured counts what next answers. It must stand inside web.Handle, which knows
// the route.
func (s *Server) measured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &answered{ResponseWriter: w, status: http.StatusOK}
		s.traffic.open.Inc()
		defer func() {
			s.traffic.open.Dec()
			if p := recover(); p != nil {
				s.count(r, http.StatusInternalServerError, seen.stream, began)
				panic(p)
			}
			s.count(r, seen.status, seen.stream, began)
		}()
		next.ServeHTTP(seen, r)
	})
}

func (s *Server) count(r *http.Request, status int, stream bool, began time.Time) {
	route := web.Facts(r.Context()).Pattern
	if route == "" || route == "/" {
		route = "none"
	}
	s.traffic.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	if !stream {
		s.traffic.duration.WithLabelValues(route).Observe(time.Since(began).Seconds())
	}
}

// answered notes the status of an answer, and whether it is a stream.
type answered struct {
	http.ResponseWriter
	status int
	stream bool
	begun  bool
}

func (a *answered) WriteHeader(status int) {
	if !a.begun && status >= http.StatusOK {
		a.begun, a.status = true, status
		a.stream = strings.HasPrefix(a.Header().Get("Content-Type"), "text/event-stream")
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answered) Write(b []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }
