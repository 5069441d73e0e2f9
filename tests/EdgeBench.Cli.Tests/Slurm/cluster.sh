#!/bin/sh
# A Slurm cluster of one node on this machine, for tests: cluster.sh start|stop <empty folder> <controller's port> <node's port>. Needs root,
# and Debian's slurmctld, slurmd, slurm-client and munge. Everything that it writes is in the folder.
set -eu
PATH=$PATH:/usr/sbin
folder=$2
if [ "$1" = stop ]; then
  for name in slurmd slurmctld munged; do
    [ -f "$folder/$name.pid" ] || continue
    pid=$(cat "$folder/$name.pid")
    kill "$pid" || continue
    # They write until their end.
    i=0
    while kill -0 "$pid" 2>/dev/null && [ "$i" -lt 100 ]; do i=$((i + 1)); sleep 0.1; done
  done
  exit 0
fi
node=$(hostname -s)
mkdir -p "$folder/state" "$folder/spool"
chmod 700 "$folder"
dd if=/dev/urandom of="$folder/munge.key" bs=1 count=1024 2>/dev/null
chmod 400 "$folder/munge.key"
munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
cat > "$folder/slurm.conf" <<CONF
ClusterName=edgebench
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$3
SlurmdPort=$4
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
ReturnToService=2
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=1000 State=UNKNOWN
PartitionName=boards Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -f "$folder/slurm.conf"
slurmd -f "$folder/slurm.conf"
i=0
until SLURM_CONF="$folder/slurm.conf" sinfo -h -o %T | grep -q idle; do
  i=$((i + 1))
  [ "$i" -lt 100 ] || { cat "$folder"/slurm*.log; exit 1; }
  sleep 0.2
done
