# Runs in the wide kernel, on the machine's file system with a layer of memory over it: nothing written here reaches the machine, but for /run/vm.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
. /run/vm/settings.sh
mkdir -p /run/netns /run/lock /dev/pts /dev/shm "/usr/lib/modules"
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
ln -s /proc/self/fd /dev/fd
ln -s fd/0 /dev/stdin
mount --bind "$VM_MODULES" /usr/lib/modules
ip link set lo up
cd "$VM_PROJECT" || exit 1
echo "vm: $(uname -r), up $(cut -d' ' -f1 /proc/uptime) s"
/bin/sh /run/vm/command.sh
echo $? >/run/vm/status
sync
poweroff -f
