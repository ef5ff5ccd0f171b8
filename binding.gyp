{
  # 1 where the project itself is built: a newer compiler's new warning must not keep anybody from installing.
  'variables': {'warnings_are_errors%': 0},
  'targets': [
    {
      'target_name': 'rxnetlink',
      'sources': [
        'native/addon.cpp',
        'native/ahead.cpp',
        'native/environment.cpp',
        'native/opening.cpp',
        'native/process-watch.cpp',
        'native/reader.cpp',
        'native/scratch.cpp',
        'native/slab.cpp',
        'native/socket.cpp',
        'native/waiting.cpp',
        'native/watcher.cpp',
      ],
      'defines': [
        'NAPI_VERSION=8',
        'NAPI_DISABLE_CPP_EXCEPTIONS',
        'NODE_ADDON_API_DISABLE_DEPRECATED',
        # In a worker that is being terminated every call may fail, and so does throwing: that must not end the process.
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      ],
      'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")'],
      'cflags': ['-Wall', '-Wextra', '-fvisibility=hidden'],
      'cflags_cc': ['-std=c++17', '-fno-exceptions', '-fvisibility-inlines-hidden'],
      'conditions': [['warnings_are_errors==1', {'cflags': ['-Werror']}]],
    },
  ],
}
