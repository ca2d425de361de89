# Writes OUTPUT, a C file with the names that HEADER (uapi linux/bpf.h) defines: tags and enumerators.
# libbcc brings that header into every probe, so kernel types from BTF must keep off these names.
# Run as: cmake -DOUTPUT=... -DHEADER=... -P UapiBpfNames.cmake
file(STRINGS "${HEADER}" lines REGEX "^(struct|union|enum) [a-z0-9_]+ {|^\t[A-Z][A-Z0-9_]+(,| =)|FN\\([a-z0-9_]+[,)]")
set(names "")
foreach(line IN LISTS lines)
  if(line MATCHES "^(struct|union|enum) ([a-z0-9_]+) ")
    list(APPEND names "${CMAKE_MATCH_2}")
  elseif(line MATCHES "^\t([A-Z][A-Z0-9_]+)")
    list(APPEND names "${CMAKE_MATCH_1}")
  elseif(line MATCHES "FN\\(([a-z0-9_]+)[,)]")
    list(APPEND names "BPF_FUNC_${CMAKE_MATCH_1}")
  endif()
endforeach()
list(REMOVE_DUPLICATES names)
list(LENGTH names n)
if(n LESS 100)
  message(FATAL_ERROR "${HEADER}: found only ${n} names; has its form changed?")
endif()
list(JOIN names "\",\n\t\"" table)
file(WRITE "${OUTPUT}" "/* Made by cmake/UapiBpfNames.cmake. */
#include \"btf_types.h\"

const char *const uapi_bpf_names[] = {
\t\"${table}\",
\tNULL,
};
")
