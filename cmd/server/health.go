package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// health asks the HTTP port of the server with these flags whether it is ready: the health check of containers.
func health(args []string) error {
	c, err := parseFlags(args, os.Getenv)
	if err != nil {
		return err
	}
	if c.http == "" {
		return fmt.Errorf("health: the server has no HTTP port (--http is empty)")
	}
	client := http.Client{Timeout: 5 * time.Second}
	answer, err := client.Get("http://" + reachable(c.http) + "/readyz")
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1000))
		return fmt.Errorf("health: not ready: %s", strings.TrimSpace(string(text)))
	}
	return nil
}

// reachable is an address a client on this machine can use for one to listen on.
func reachable(address string) string {
	for _, any := range []string{"0.0.0.0:", "[::]:", ":"} {
		if port, ok := strings.CutPrefix(address, any); ok {
			return "127.0.0.1:" + port
		}
	}
	return address
}
