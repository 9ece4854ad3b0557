package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"tarn/engine"
	"tarn/wire"
)

// serve runs the server until a signal ends it.
func serve(args []string) error {
	c, err := parseFlags(args, os.Getenv)
	if err != nil {
		return err
	}
	if c.version {
		fmt.Println("tarn", version)
		return nil
	}
	tuneCollector(int64(c.memory))
	ctx, stop := untilSignal(context.Background())
	defer stop()
	return serveUntil(ctx, c, os.Stdout, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.logLevel})))
}

// untilSignal is a context that the first SIGINT or SIGTERM ends; the second ends the process.
func untilSignal(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(1) // the log has everything that was acknowledged
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

// serveUntil serves until ctx ends, then lets running statements finish, checkpoints and closes the database. What users
// should read goes to out, what operators should to logger.
func serveUntil(ctx context.Context, c config, out io.Writer, logger *slog.Logger) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	observed := &observed{}
	stopHTTP, err := serveHTTP(c.http, observed, logger)
	if err != nil {
		return err
	}
	defer stopHTTP()

	logger.Info("open database", "version", version, "data", c.data, "memory", c.memory.String())
	e, err := engine.Open(ctx, engine.Config{Dir: c.data, Memory: int64(c.memory), Logger: logger})
	if err != nil {
		return err
	}
	defer func() {
		logger.Info("close database")
		if closeErr := e.Close(context.Background()); closeErr != nil && err == nil {
			err = fmt.Errorf("close database: %w", closeErr)
		}
	}()
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return err
	}
	server := wire.New(e, wire.Config{Logger: logger, MaxMessage: maxMessage(int64(c.memory))})
	observed.started(e, server)
	defer observed.stopped()

	var demo sync.WaitGroup
	defer demo.Wait()
	defer cancel()
	if c.demo {
		demo.Go(func() {
			if err := e.Demo(ctx, c.demoRate, c.demoSeed); err != nil && !errors.Is(err, context.Canceled) {
				logger.Error("demo ended", "error", err)
			}
		})
	}
	welcome(out, listener.Addr(), c.demo)
	logger.Info("ready", "listen", listener.Addr().String())
	context.AfterFunc(ctx, func() {
		observed.stopped()
		logger.Info("shut down: a second signal ends at once")
	})
	return server.Serve(ctx, listener)
}

// welcome tells a user what to do next.
func welcome(out io.Writer, address net.Addr, demo bool) {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return
	}
	psql := fmt.Sprintf("psql -h %s -p %s -U tarn tarn", host, port)
	fmt.Fprintf(out, "Tarn is ready. Connect with:\n\n  %s\n\n", psql)
	if demo {
		fmt.Fprintf(out, `Auctions are being held. Watch them with:

  %[1]s -c "COPY (SUBSCRIBE bids_by_channel) TO STDOUT"
  echo 'SELECT * FROM hot_auctions ORDER BY bids DESC \watch 1' | %[1]s

`, psql)
	}
}
