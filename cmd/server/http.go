package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tarn/engine"
	"tarn/wire"
)

// observed is what the HTTP port shows: nothing yet, or a running server.
type observed struct{ running atomic.Pointer[running] }

type running struct {
	engine *engine.Engine
	wire   *wire.Server
}

func (o *observed) started(e *engine.Engine, w *wire.Server) { o.running.Store(&running{e, w}) }
func (o *observed) stopped()                                 { o.running.Store(nil) }

// ready is nil if clients are served and may write.
func (o *observed) ready() error {
	r := o.running.Load()
	if r == nil {
		return errors.New("starting or shutting down")
	}
	return r.engine.Ready()
}

// serveHTTP serves /metrics, /healthz (the process lives), /readyz (clients are served) and, on a loopback address only,
// /debug/pprof/ on an address, or nothing if it is empty. stop ends that and waits.
func serveHTTP(address string, o *observed, logger *slog.Logger) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: handler(o, checkLoopback(address) == nil), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("http port ended", "error", err)
		}
	}()
	logger.Info("http port", "listen", listener.Addr().String())
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
		<-ended
	}, nil
}

func handler(o *observed, profiles bool) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector{o}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, nil) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { answer(w, o.ready()) })
	if profiles {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}

func answer(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte(err.Error() + "\n"))
		return
	}
	w.Write([]byte("ok\n"))
}
