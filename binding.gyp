{
  # 1 in a working copy of the project. A user's newer compiler may have new warnings, which must not stop an install.
  'variables': {'warnings_are_errors%': 0},
  'targets': [
    {
      'target_name': 'rxnetlink',
      # native/build.json also serves scripts/prebuild.mjs.
      'sources': ['<!@(node -p "require(\'./native/build.json\').sources.join(\' \')")'],
      'defines': ['<!@(node -p "require(\'./native/build.json\').defines.join(\' \')")'],
      'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")'],
      'cflags': ['-Wall', '-Wextra', '-fvisibility=hidden'],
      'cflags_cc': ['-std=c++17', '-fno-exceptions', '-fvisibility-inlines-hidden'],
      'conditions': [['warnings_are_errors==1', {'cflags': ['-Werror']}]],
    },
  ],
}
