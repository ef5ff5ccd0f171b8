# Runs in the wide kernel, on the machine's file system with a layer of memory over it: only what is written to /run/vm reaches the machine.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
. /run/vm/settings.sh
mkdir -p /run/netns /run/lock /dev/pts /dev/shm "/usr/lib/modules"
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
ln -s /proc/self/fd /dev/fd
ln -s fd/0 /dev/stdin
[ -z "$VM_MODULES" ] || mount --bind "$VM_MODULES" /usr/lib/modules
if [ -n "$VM_SHARE" ]; then
  mkdir -p "$VM_PROJECT"
  mount -t 9p -o ro,cache=loose,trans=virtio,version=9p2000.L,msize=512000 "$VM_SHARE" "$VM_PROJECT"
fi
# udev makes this device file, whose opening loads the module.
mkdir -p /dev/net
[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
ip link set lo up
cd "$VM_PROJECT" || exit 1
echo "vm: $(uname -r), up $(cut -d' ' -f1 /proc/uptime) s"
/bin/sh /run/vm/command.sh
echo $? >/run/vm/status
sync
poweroff -f
