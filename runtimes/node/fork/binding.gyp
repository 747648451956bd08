{
  'targets': [
    {
      # The addon: fork, wait, clean. One binary for every Node from 18 on, by Node-API version 8.
      'target_name': 'fork',
      'sources': ['fork.c', 'clean-jail.c', 'large-text.c'],
      'defines': ['NAPI_VERSION=8', '_GNU_SOURCE'],
      'cflags': ['-Wall', '-Wextra', '-Wno-unused-parameter', '-Wno-cast-function-type'],
    },
    {
      # Preloaded into the template: keeps V8's heap across fork, and side by side.
      'target_name': 'heap-arena',
      'type': 'shared_library',
      'product_prefix': 'lib',
      'product_extension': 'so',
      'product_dir': '<(PRODUCT_DIR)',
      'sources': ['heap-arena.c'],
      'defines': ['_GNU_SOURCE'],
    },
  ],
}
