# libbcc: header, library, and which form of bcc_func_load() it has.
# Defines the target Bcc::bcc with HAVE_BCC_FUNC_LOAD_11 or HAVE_BCC_FUNC_LOAD_12.
find_package(PkgConfig QUIET)
pkg_check_modules(PC_BCC QUIET libbcc)
find_path(Bcc_INCLUDE_DIR bcc/bcc_common.h HINTS ${PC_BCC_INCLUDE_DIRS})
find_library(Bcc_LIBRARY NAMES bcc HINTS ${PC_BCC_LIBRARY_DIRS})

if(Bcc_INCLUDE_DIR)
  include(CheckCSourceCompiles)
  set(CMAKE_REQUIRED_INCLUDES ${Bcc_INCLUDE_DIR})
  check_c_source_compiles("
    #include <bcc/bcc_common.h>
    int main(void) { return bcc_func_load(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1); }
    int bcc_func_load(void *m, int t, const char *n, const struct bpf_insn *i, int s, const char *l,
      unsigned v, int ll, char *lb, unsigned ls, const char *d, int a) { return 0; }"
    HAVE_BCC_FUNC_LOAD_12)
  check_c_source_compiles("
    #include <bcc/bcc_common.h>
    int main(void) { return bcc_func_load(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0); }
    int bcc_func_load(void *m, int t, const char *n, const struct bpf_insn *i, int s, const char *l,
      unsigned v, int ll, char *lb, unsigned ls, const char *d) { return 0; }"
    HAVE_BCC_FUNC_LOAD_11)
  unset(CMAKE_REQUIRED_INCLUDES)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Bcc REQUIRED_VARS Bcc_LIBRARY Bcc_INCLUDE_DIR
  VERSION_VAR PC_BCC_VERSION)

if(Bcc_FOUND AND NOT TARGET Bcc::bcc)
  add_library(Bcc::bcc UNKNOWN IMPORTED)
  set_target_properties(Bcc::bcc PROPERTIES IMPORTED_LOCATION "${Bcc_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Bcc_INCLUDE_DIR}")
  foreach(form 11 12)
    if(HAVE_BCC_FUNC_LOAD_${form})
      set_property(TARGET Bcc::bcc APPEND PROPERTY
        INTERFACE_COMPILE_DEFINITIONS HAVE_BCC_FUNC_LOAD_${form})
    endif()
  endforeach()
endif()
mark_as_advanced(Bcc_INCLUDE_DIR Bcc_LIBRARY)
