import type { Meanings } from '../common/system-error.js';

/** Returns the text about a name that exists without a namespace. @internal */
export const withoutNamespace = (path: string): string => `${path} is a file without a namespace; delete it`;

/** The failures of creating and deleting a name. @internal */
export const NAME_MEANINGS: Meanings = {
  'directory ENOENT': ['missing', 'the parent of the directory does not exist'],
  'directory ENOTDIR': ['invalid', 'the parent of the directory is not a directory'],
  'directory EACCES': ['denied', 'the directory does not exist, and this process may not create it'],
  'directory EPERM': ['denied', 'the directory does not exist, and this process may not create it'],
  'directory EROFS': ['denied', 'the directory does not exist, and its file system is read-only'],
  'share EPERM': ['denied', 'making the directory a shared mount needs CAP_SYS_ADMIN'],
  'share EACCES': ['denied', 'making the directory a shared mount is not permitted'],
  'lock EAGAIN': ['busy', 'another process holds the lock of the directory'],
  'name EEXIST': ['exists', 'the name exists; ensure() accepts a name that exists'],
  'name ENOENT': ['missing', 'the directory does not exist'],
  'name ENOTDIR': ['invalid', 'the directory is not a directory'],
  'name EACCES': ['denied', 'this process may not create files in the directory'],
  'name EPERM': ['denied', 'this process may not create files in the directory'],
  'name EROFS': ['denied', 'the file system of the directory is read-only'],
  'unshare EPERM': ['denied', 'it needs CAP_SYS_ADMIN'],
  'unshare ENOSPC': ['denied', 'the limit of network namespaces is reached; raise the sysctl user.max_net_namespaces'],
  'unshare EINVAL': ['unsupported', 'the kernel has no network namespaces (CONFIG_NET_NS)'],
  'mount EPERM': ['denied', 'mounting the namespace needs CAP_SYS_ADMIN in the user namespace of the mount namespace'],
  'mount EACCES': ['denied', 'mounting the namespace is not permitted'],
  'mount ENOENT': ['unsupported', 'no proc filesystem is mounted at /proc'],
  'unmount EPERM': ['denied', 'it needs CAP_SYS_ADMIN'],
  'unmount EACCES': ['denied', 'it is not permitted'],
  'unmount ENOENT': ['missing', 'the name does not exist'],
  'remove ENOENT': ['missing', 'the name does not exist'],
  'remove EBUSY': ['busy', 'the namespace is still mounted on the name'],
  'remove EACCES': ['denied', 'this process may not remove files of the directory'],
  'remove EPERM': ['denied', 'this process may not remove files of the directory'],
  'remove EROFS': ['denied', 'the file system of the directory is read-only'],
  ENAMETOOLONG: ['invalid', 'the path is too long'],
  EAGAIN: ['busy', 'the limit of threads or of memory is reached'],
  ENOMEM: ['busy', 'the kernel has no memory for it'],
};
