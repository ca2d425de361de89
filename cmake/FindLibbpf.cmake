# libbpf, used to read BTF only. Defines the target Libbpf::bpf with HAVE_BTF_TYPE_CNT,
# HAVE_BTF_LOAD_MODULE and HAVE_BTF_DUMP_NEW_OPTS_LAST where it has them (0.5 and 0.6).
find_package(PkgConfig QUIET)
pkg_check_modules(PC_LIBBPF QUIET libbpf)
find_path(Libbpf_INCLUDE_DIR bpf/btf.h HINTS ${PC_LIBBPF_INCLUDE_DIRS})
find_library(Libbpf_LIBRARY NAMES bpf HINTS ${PC_LIBBPF_LIBRARY_DIRS})

if(Libbpf_INCLUDE_DIR AND Libbpf_LIBRARY)
  include(CheckCSourceCompiles)
  include(CheckSymbolExists)
  set(CMAKE_REQUIRED_INCLUDES ${Libbpf_INCLUDE_DIR})
  set(CMAKE_REQUIRED_LIBRARIES ${Libbpf_LIBRARY})
  check_symbol_exists(btf__type_cnt bpf/btf.h HAVE_BTF_TYPE_CNT)
  check_symbol_exists(btf__load_module_btf bpf/btf.h HAVE_BTF_LOAD_MODULE)
  set(CMAKE_REQUIRED_FLAGS -Werror=incompatible-pointer-types)
  check_c_source_compiles("
    #include <stdarg.h>
    #include <bpf/btf.h>
    static void print(void *ctx, const char *fmt, va_list args) {}
    int main(void) {
      struct btf *btf = 0;
      struct btf_dump_opts *opts = 0;
      void *ctx = 0;
      return btf_dump__new(btf, print, ctx, opts) != 0;
    }" HAVE_BTF_DUMP_NEW_OPTS_LAST)
  unset(CMAKE_REQUIRED_FLAGS)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libbpf REQUIRED_VARS Libbpf_LIBRARY Libbpf_INCLUDE_DIR
  VERSION_VAR PC_LIBBPF_VERSION)

if(Libbpf_FOUND AND NOT TARGET Libbpf::bpf)
  add_library(Libbpf::bpf UNKNOWN IMPORTED)
  set_target_properties(Libbpf::bpf PROPERTIES IMPORTED_LOCATION "${Libbpf_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Libbpf_INCLUDE_DIR}")
  foreach(have HAVE_BTF_TYPE_CNT HAVE_BTF_LOAD_MODULE HAVE_BTF_DUMP_NEW_OPTS_LAST)
    if(${have})
      set_property(TARGET Libbpf::bpf APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS ${have})
    endif()
  endforeach()
endif()
mark_as_advanced(Libbpf_INCLUDE_DIR Libbpf_LIBRARY)
