# Cross compiling with Zig: a C++ compiler with the standard library of every target. The caller sets ZIG, the path of
# the compiler, ZIG_TARGET, its name of the target, and CMAKE_SYSTEM_NAME.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ZIG ZIG_TARGET CMAKE_SYSTEM_NAME)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR "${ZIG_TARGET}")
set(CMAKE_CXX_COMPILER "${ZIG}" c++ -target ${ZIG_TARGET})

# One program is all the tools; CMake gives each of them one path and no arguments.
foreach(tool ar ranlib)
  set(wrapper "${CMAKE_BINARY_DIR}/zig-${tool}")
  file(WRITE "${wrapper}" "#!/bin/sh\nexec '${ZIG}' ${tool} \"$@\"\n")
  file(CHMOD "${wrapper}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
  string(TOUPPER "CMAKE_${tool}" variable)
  set(${variable} "${wrapper}")
endforeach()

# Stripped: nobody debugs a prebuilt addon, and it would be twice as large.
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-s")
if(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
  # Node-API is in whatever program loads the addon.
  string(APPEND CMAKE_SHARED_LINKER_FLAGS_INIT " -Wl,-undefined,dynamic_lookup")
  # Not the path on this machine.
  set(CMAKE_INSTALL_NAME_DIR "@rpath")
  set(CMAKE_BUILD_WITH_INSTALL_NAME_DIR ON)
endif()
