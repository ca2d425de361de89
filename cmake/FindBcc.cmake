# libbcc: its headers, and libbcc_bpf, the part of it that loads and attaches programs and has no
# compiler. Defines the target Bcc::bpf. The compiler, libbcc itself, is loaded at run time.
find_package(PkgConfig QUIET)
pkg_check_modules(PC_BCC QUIET libbcc)
find_path(Bcc_INCLUDE_DIR bcc/bcc_common.h HINTS ${PC_BCC_INCLUDE_DIRS})
find_library(Bcc_LIBRARY NAMES bcc HINTS ${PC_BCC_LIBRARY_DIRS})
find_library(Bcc_BPF_LIBRARY NAMES bcc_bpf HINTS ${PC_BCC_LIBRARY_DIRS})

if(Bcc_BPF_LIBRARY AND Bcc_INCLUDE_DIR)
  include(CheckSymbolExists)
  set(CMAKE_REQUIRED_INCLUDES ${Bcc_INCLUDE_DIR})
  set(CMAKE_REQUIRED_LIBRARIES ${Bcc_BPF_LIBRARY})
  check_symbol_exists(bpf_open_perf_buffer_opts "stdint.h;bcc/libbpf.h"
    HAVE_BPF_OPEN_PERF_BUFFER_OPTS)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Bcc REQUIRED_VARS Bcc_LIBRARY Bcc_BPF_LIBRARY Bcc_INCLUDE_DIR
  VERSION_VAR PC_BCC_VERSION)

if(Bcc_FOUND AND NOT TARGET Bcc::bpf)
  add_library(Bcc::bpf UNKNOWN IMPORTED)
  set_target_properties(Bcc::bpf PROPERTIES IMPORTED_LOCATION "${Bcc_BPF_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Bcc_INCLUDE_DIR}")
  if(HAVE_BPF_OPEN_PERF_BUFFER_OPTS)
    set_property(TARGET Bcc::bpf APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS
      HAVE_BPF_OPEN_PERF_BUFFER_OPTS)
  endif()
endif()
mark_as_advanced(Bcc_INCLUDE_DIR Bcc_LIBRARY Bcc_BPF_LIBRARY)
