# Builds the server in one image and leaves nothing but it in another. The build needs the modules of go.sum and no C
# compiler; time zones are in the binary, and it opens no connections of its own, so the final image needs no files of others.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.version=${VERSION}" -o /out/server ./cmd/server \
 && mkdir -p /out/root/data

FROM scratch
COPY --from=build /out/server /server
# An empty /data that belongs to the user the server runs as: 65532, as "nonroot" is numbered elsewhere.
COPY --from=build --chown=65532:65532 /out/root/ /
USER 65532:65532
ENV TARN_DATA=/data
VOLUME /data
# Both are loopback addresses as long as Tarn has no passwords: run with --network host (README.md).
EXPOSE 5433 9433
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["/server", "health"]
ENTRYPOINT ["/server"]
