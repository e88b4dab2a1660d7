#!/usr/bin/env bash
# The services of docker-compose.yml as processes of this machine, from binaries that were built here.
#
#   deploy/local.sh up                  starts broker and services in order, and waits until each is ready
#   deploy/local.sh status
#   deploy/local.sh scale training=2    starts or stops processes of a service
#   deploy/local.sh down                stops all, services first; running steps write a checkpoint
#
# TRANSFER_MONGODB      mongodb://… of a server that runs already; without it documents are in SQLite, artefacts in a folder
# TRANSFER_LOCAL        folder of state, process ids and logs (artifacts/local)
# TRANSFER_LOCAL_PORT   the gateway's port (8080); broker and services use those after it, on loopback only
# TRANSFER_BUILD        debug or release (debug)
#
# The broker is a RabbitMQ node of its own from Debian's package, all of it below the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly state=$(realpath -m "${TRANSFER_LOCAL:-artifacts/local}") first=${TRANSFER_LOCAL_PORT:-8080}
readonly build=${TRANSFER_BUILD:-debug} rabbitmq=/usr/lib/rabbitmq/bin
readonly order=(orchestration ingestion synthesis training attacks evaluation augmentation gateway)
readonly broker_port=$((first + 1)) wait_seconds=120
mkdir -p "$state/run" "$state/log"
chmod 700 "$state"

fail() { echo "local.sh: $*" >&2; exit 1; }
say() { printf '%-16s %s\n' "$1" "$2"; }

draw() { [ -e "$state/$1" ] || (umask 077 && head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n' > "$state/$1"); }

# --- processes: run/NAME holds process id, its start in ticks since boot (ids are used again), and port -----------------

ticks() { local line; line=$(cat "/proc/$1/stat" 2> /dev/null) && line=${line##*) } && set -- $line && [ "$1" != Z ] && echo "${20}"; }

alive() {
    local pid start port
    read -r pid start port 2> /dev/null < "$state/run/$1" && [ "$(ticks "$pid")" = "$start" ]
}

start() { # NAME PORT COMMAND…
    local name=$1 port=$2
    shift 2
    setsid "$@" >> "$state/log/$name" 2>&1 < /dev/null &
    echo "$! $(ticks $!) $port" > "$state/run/$name"
    disown # It outlives this script, and is not waited for.
}

stop() { # NAME SECONDS
    local pid start port
    alive "$1" || { rm -f "$state/run/$1"; return 0; }
    read -r pid start port < "$state/run/$1"
    kill -TERM "$pid" 2> /dev/null || true
    for _ in $(seq $(($2 * 10))); do alive "$1" || break; sleep 0.1; done
    if alive "$1"; then kill -KILL "$pid" && say "$1" "killed after $2 s"; else say "$1" stopped; fi
    rm -f "$state/run/$1"
}

names() { (cd "$state/run" && ls -v 2> /dev/null) | grep -E "^$1-[0-9]+$" || true; }

# --- health ---------------------------------------------------------------------------------------------------------------

ready() { # PORT
    local status=
    { exec 3<> "/dev/tcp/127.0.0.1/$1"; } 2> /dev/null || return 1
    printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
    read -r -t 5 _ status _ <&3 || true
    exec 3>&-
    [ "$status" = 200 ]
}

until_ready() { # NAME PORT
    for _ in $(seq $((wait_seconds * 5))); do
        ready "$2" && { say "$1" "ready, port $2"; return; }
        alive "$1" || { tail -20 "$state/log/$1" >&2; fail "$1 ended before it was ready; its log is $state/log/$1"; }
        sleep 0.2
    done
    fail "$1 was not ready within $wait_seconds s; its log is $state/log/$1"
}

# --- broker ---------------------------------------------------------------------------------------------------------------

start_broker() {
    alive rabbitmq && return
    [ -x "$rabbitmq/rabbitmq-server" ] || fail "RabbitMQ is not installed (Debian: apt-get install rabbitmq-server)"
    local home=$state/rabbitmq
    mkdir -p "$home/mnesia" "$home/log"
    grep -Ev '^(loopback_users|log\.|disk_free)' deploy/rabbitmq/rabbitmq.conf > "$home/rabbitmq.conf"
    cat >> "$home/rabbitmq.conf" <<END
listeners.tcp.1 = 127.0.0.1:$broker_port
disk_free_limit.absolute = 200MB
default_user = transfer
default_pass = $(cat "$state/broker_password")
END
    echo '[].' > "$home/enabled_plugins"
    local environment=(
        HOME="$home" LC_ALL=C.UTF-8 RABBITMQ_NODENAME="transfer-$first@localhost"
        RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$broker_port" RABBITMQ_DIST_PORT=$((first + 2))
        RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home/log" RABBITMQ_PID_FILE="$home/pid"
        RABBITMQ_CONF_ENV_FILE="$home/none.conf" RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf"
        RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$((first + 3))
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
    )
    alive epmd || start epmd $((first + 3)) env "${environment[@]}" epmd -port $((first + 3)) -address 127.0.0.1
    start rabbitmq "$broker_port" env "${environment[@]}" "$rabbitmq/rabbitmq-server"
    for _ in $(seq $((wait_seconds * 5))); do
        # The node listens last of all, and answers a protocol header with its first frame.
        if { exec 3<> "/dev/tcp/127.0.0.1/$broker_port"; } 2> /dev/null; then
            printf 'AMQP\0\0\11\1' >&3
            local frame
            frame=$(timeout 5 head -c 1 <&3 | od -An -tx1) && exec 3>&- && [ -n "$frame" ] && { say rabbitmq "ready, port $broker_port"; return; }
        fi
        alive rabbitmq || { tail -20 "$state/log/rabbitmq" >&2; fail "the broker ended before it was ready"; }
        sleep 0.2
    done
    fail "the broker was not ready within $wait_seconds s"
}

# --- services -------------------------------------------------------------------------------------------------------------

binary() { local name=${1^}; echo "artifacts/bin/$name/$build/TransferPipeline.$name.dll"; }

port_of() { # SERVICE NUMBER
    local index
    [ "$1" = gateway ] && { echo "$first"; return; }
    for index in "${!order[@]}"; do
        [ "${order[$index]}" != "$1" ] || echo $((first + 10 * $2 + index))
    done
}

start_service() { # SERVICE NUMBER
    local service=$1 name=$1-$2 port other
    port=$(port_of "$1" "$2")
    alive "$name" && return
    local settings=(
        Bus__Transport=RabbitMq Bus__Host=127.0.0.1 Bus__Port="$broker_port" Bus__User=transfer
        Bus__PasswordFile="$state/broker_password" Storage__Home="$state/home" Internal__KeyFile="$state/internal_key"
    )
    if [ -n "${TRANSFER_MONGODB:-}" ]; then
        (umask 077 && printf %s "$TRANSFER_MONGODB" > "$state/mongo_connection")
        # Each process has copies of its own, as each container has.
        settings+=(Storage__Kind=Mongo Storage__ConnectionFile="$state/mongo_connection" Storage__Home="$state/home/$name")
    fi
    if [ "$service" = gateway ]; then
        settings+=(Access__Keys__0__Name=admin Access__Keys__0__Role=admin Access__Keys__0__Hash="sha256:$(sha256sum < "$state/api_key" | cut -d' ' -f1)")
        for other in orchestration ingestion training evaluation; do
            settings+=("ReverseProxy__Clusters__${other}__Destinations__one__Address=http://127.0.0.1:$(port_of $other 1)/")
        done
    fi
    start "$name" "$port" env "${settings[@]}" dotnet "$(binary "$service")" --urls "http://127.0.0.1:$port"
    until_ready "$name" "$port"
}

built() { # SERVICE
    [ -e "$(binary "$1")" ] && return
    [ "$1" = gateway ] && [ ! -d services/Gateway ] && return 1
    fail "$(binary "$1") is missing; expected: dotnet build --configuration ${build^}"
}

up() {
    command -v dotnet > /dev/null || fail "dotnet is not installed"
    draw broker_password && draw internal_key && draw api_key
    start_broker
    local service
    for service in "${order[@]}"; do
        if built "$service"; then start_service "$service" 1; fi
    done
    ! alive gateway-1 || echo "http://127.0.0.1:$first, key in $state/api_key"
}

down() {
    local service name
    for service in gateway augmentation evaluation attacks training synthesis ingestion orchestration; do
        # At once, because each may take its minute.
        for name in $(names "$service"); do stop "$name" 90 & done
        wait
    done
    stop rabbitmq 60
    stop epmd 10
}

status() {
    local name pid start port dead=0
    [ -n "$(ls "$state/run")" ] || { echo "nothing runs"; return 1; }
    for name in rabbitmq $(for service in "${order[@]}"; do names "$service"; done); do
        [ -e "$state/run/$name" ] || continue
        read -r pid start port < "$state/run/$name"
        if ! alive "$name"; then say "$name" dead && dead=1
        elif [ "$name" = rabbitmq ] || ready "$port"; then say "$name" "ready, port $port, process $pid"
        else say "$name" "not ready, port $port, process $pid" && dead=1; fi
    done
    return $dead
}

scale() { # SERVICE=N
    local service=${1%%=*} count=${1#*=} name number
    [ "$service" = trainer ] && service=training
    [[ " orchestration ingestion synthesis augmentation training attacks evaluation " == *" $service "* ]] || fail "$1: expected orchestration, ingestion, augmentation, synthesis, training, attacks or evaluation before '='"
    [[ $count =~ ^[1-9]$ ]] || fail "$1: expected a number from 1 to 9 after '='"
    alive rabbitmq || fail "nothing runs; expected: deploy/local.sh up"
    built "$service"
    for number in $(seq "$count"); do start_service "$service" "$number"; done
    for name in $(names "$service"); do
        [ "${name##*-}" -le "$count" ] || stop "$name" 90 &
    done
    wait
}

case ${1:-} in
    up) up ;;
    down) down ;;
    status) status ;;
    scale) [ $# = 2 ] || fail "expected: scale SERVICE=N"; scale "$2" ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
